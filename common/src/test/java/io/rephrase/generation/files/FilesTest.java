package io.rephrase.generation.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.annotations.SerializedName;
import io.rephrase.CheckpointException;
import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.generation.MemoryBudget;
import io.rephrase.generation.SamplingParams;
import io.rephrase.lines.LineCounts;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines in, lines out, on a reference checkpoint without a tokenizer and on the arena's policy. */
class FilesTest {
  private static final Path LLAMA = Path.of("src/test/resources/golden/checkpoints/llama-gqa-tied");
  private static final SamplingParams GREEDY = new SamplingParams(1, 1, 0, true, 32, true);
  private static final SamplingParams WARM = new SamplingParams(1, 1, 0, false, 8, false);

  @TempDir private Path temporary;
  private final StringWriter out = new StringWriter();
  private final List<String> plan = new ArrayList<>();

  record Expected(
      @SerializedName("input_ids") int[][] inputs,
      @SerializedName("token_log_probs_temperature_0_7") double[][] logProbs,
      List<Greedy> greedy) {}

  record Greedy(int[] prompt, int[] completion) {}

  @Test
  void linesAreAnsweredInTheirOrderWithTransformersContinuations() throws IOException {
    List<Greedy> cases = expected().greedy();
    StringBuilder lines = new StringBuilder();
    for (Greedy one : cases) {
      lines.append("{\"id\":%d,\"prompt_ids\":%s}\n".formatted(one.prompt().length, ids(one)));
    }
    GenerateFiles.Summary summary = generate(LLAMA, GREEDY, 1, lines.toString());
    List<JsonObject> answers = answers();
    assertThat(answers).hasSameSizeAs(cases);
    int tokens = 0;
    for (int i = 0; i < cases.size(); i++) {
      JsonObject answer = answers.get(i);
      assertThat(answer.get("id").getAsInt()).isEqualTo(cases.get(i).prompt().length);
      assertThat(ints(answer, "completion_ids")).isEqualTo(cases.get(i).completion());
      assertThat(answer.get("log_probs").getAsJsonArray())
          .hasSize(cases.get(i).completion().length);
      assertThat(answer.get("text").isJsonNull()).isTrue();
      assertThat(answer.get("sample_index").getAsInt()).isZero();
      assertThat(answer.get("finish_reason").getAsString()).isIn("eos", "length");
      tokens += cases.get(i).completion().length;
    }
    assertThat(summary.total().tokens()).isEqualTo(tokens);
    // without each one's first, and two that came in passes which read another's prompt
    assertThat(summary.decode().tokens()).isEqualTo(tokens - cases.size() - 2);
    assertThat(summary.prefill().tokens())
        .isEqualTo(cases.stream().mapToInt(one -> one.prompt().length).sum());
    assertThat(summary.text())
        .matches(
            "tokens=%d seconds=\\S+ tokens_per_second=\\S+ tokens_per_cpu_second=\\S+ decode_tokens=.* prefill_tokens=.*"
                .formatted(tokens));
  }

  @Test
  void aBadLineIsAnsweredAtItsPlaceAndTheOthersGoOn() {
    String lines =
        """
        {"id":"a","prompt_ids":[1,2]}

        not json
        {"id":"b","prompt_ids":[1,160]}
        {"id":"c","prompt":"text"}
        {"prompt_ids":[1]}
        {"id":"d","prompt_ids":[1],"prompt":"text"}
        {"id":"e","prompt_ids":[]}
        {"id":"f","prompt_ids":[3]}""";
    GenerateFiles.Summary summary = generate(LLAMA, WARM, 2, lines);
    List<JsonObject> answers = answers();
    assertThat(answers).hasSize(2 + 6 + 2);
    assertThat(answers.get(0).get("id").getAsString()).isEqualTo("a");
    assertThat(answers.get(1).get("sample_index").getAsInt()).isEqualTo(1);
    assertError(answers.get(2), 3, "a line must hold one JSON object, got not json");
    assertError(answers.get(3), 4, "\"prompt_ids\" must hold whole numbers in [0, 160), got 160");
    assertError(answers.get(4), 5, "has no tokenizer.json, so texts cannot be read; give ids");
    assertError(answers.get(5), 6, "\"id\" must be a string or a number, got null");
    assertError(
        answers.get(6),
        7,
        "a line must have exactly one of prompt, messages, prompt_ids, got [prompt, prompt_ids]");
    assertError(answers.get(7), 8, "the prompt is empty; it must hold at least one token");
    assertThat(answers.get(9).get("id").getAsString()).isEqualTo("f");
    assertThat(summary.lines()).isEqualTo(new LineCounts(8, 6));
    assertThat(summary.lines().allFailed()).isFalse();
  }

  @Test
  void onlyARunWithoutAnyUsableLineHasFailed() {
    assertThat(generate(LLAMA, WARM, 1, "[]\n{}\n").lines().allFailed()).isTrue();
    assertThat(generate(LLAMA, WARM, 1, "").lines().allFailed()).isFalse();
  }

  @Test
  void samplesOfALineDifferAndFollowFromSeedAndIdNotFromTheirPlace() {
    String first = "{\"id\":\"a\",\"prompt_ids\":[1,2]}\n";
    generate(LLAMA, WARM, 4, first);
    List<JsonObject> alone = answers();
    generate(LLAMA, WARM, 4, "{\"id\":\"b\",\"prompt_ids\":[5,6,7]}\n" + first);
    List<JsonObject> second = answers().subList(4, 8);
    assertThat(alone.stream().map(answer -> answer.get("completion_ids")).distinct()).hasSize(4);
    assertThat(second.stream().map(answer -> answer.get("completion_ids")).toList())
        .isEqualTo(alone.stream().map(answer -> answer.get("completion_ids")).toList());
  }

  @Test
  void textsGoThroughTokenizerAndChatTemplate() throws IOException {
    Path policy = arenaPolicy();
    Files.writeString(
        policy.resolve("chat_template.jinja"),
        "{% for message in messages %}{{ message['content'] }}={% endfor %}");
    // ids of the arena's tokenizer: '3' is 6, '+' is 13, '1' is 4, '=' is 15
    String lines =
        """
        {"id":1,"prompt":"3+1="}
        {"id":2,"messages":[{"role":"user","content":"3+1"}]}
        {"id":3,"prompt_ids":[6,13,4,15]}
        {"id":4,"messages":[{"role":" ","content":"3+1"}]}
        """;
    generate(policy, GREEDY, 1, lines);
    List<JsonObject> answers = answers();
    String text = answers.get(0).get("text").getAsString();
    assertThat(text).isNotEmpty().doesNotContain("$");
    for (int line = 1; line < 3; line++) {
      assertThat(answers.get(line).get("text").getAsString()).isEqualTo(text);
      assertThat(answers.get(line).get("completion_ids"))
          .isEqualTo(answers.get(0).get("completion_ids"));
    }
    assertError(answers.get(3), 4, "\"role\" must not be blank; use system, user or assistant");
  }

  @Test
  void scoresAreThoseOfTransformersInTheOrderOfTheLines() throws IOException {
    Expected expected = expected();
    StringBuilder lines = new StringBuilder("oops\n");
    for (int row = 0; row < expected.inputs().length; row++) {
      int[] all = expected.inputs()[row];
      int[] completion = Arrays.copyOfRange(all, 1, all.length);
      lines.append(
          "{\"id\":\"%d\",\"prompt_ids\":[%d],\"completion_ids\":%s}\n"
              .formatted(row, all[0], Arrays.toString(completion)));
    }
    lines.append("{\"id\":\"empty\",\"prompt_ids\":[1],\"completion_ids\":[]}\n");
    ScoreOptions options = new ScoreOptions(LLAMA, cpu(), 0.7, ScoreOptions.TextEnd.NOTHING);
    ScoreFiles.Summary summary = ScoreFiles.run(options, bytes(lines.toString()), out, plan::add);
    List<JsonObject> answers = answers();
    assertError(answers.get(0), 1, "a line must hold one JSON object, got oops");
    for (int row = 0; row < expected.inputs().length; row++) {
      JsonObject answer = answers.get(row + 1);
      double[] wanted = expected.logProbs()[row];
      assertThat(doubles(answer, "log_probs")).containsExactly(wanted, within(1e-4));
      assertThat(answer.get("entropies").getAsJsonArray()).hasSize(wanted.length);
      assertThat(answer.get("perplexity").getAsDouble())
          .isCloseTo(Math.exp(-Arrays.stream(wanted).average().orElseThrow()), within(0.2));
    }
    JsonObject empty = answers.get(answers.size() - 1);
    assertThat(empty.get("log_probs").getAsJsonArray()).isEmpty();
    assertThat(empty.get("perplexity").isJsonNull()).isTrue();
    assertThat(summary.lines().failed()).isEqualTo(1);
    assertThat(summary.text()).startsWith("tokens=").contains(" tokens_per_cpu_second=");
  }

  @Test
  void anEndIsAppendedToTextsOnly() {
    Path policy = arenaPolicy();
    String lines =
        """
        {"id":1,"prompt":"3+1=","completion":"4"}
        {"id":2,"prompt":"3+1=","completion_ids":[7]}
        """;
    ScoreOptions options = new ScoreOptions(policy, cpu(), 1, ScoreOptions.TextEnd.EOS);
    ScoreFiles.run(options, bytes(lines), out, plan::add);
    List<JsonObject> answers = answers();
    double[] text = doubles(answers.get(0), "log_probs");
    double[] ids = doubles(answers.get(1), "log_probs");
    assertThat(text).hasSize(2);
    assertThat(ids).hasSize(1);
    assertThat(text[0]).isCloseTo(ids[0], within(1e-5));
  }

  @Test
  void aLineBeyondTheContextIsRefusedWithItsLength() {
    ScoreOptions options = new ScoreOptions(arenaPolicy(), cpu(), 1, ScoreOptions.TextEnd.NOTHING);
    String line = "{\"id\":1,\"prompt\":\"3\",\"completion\":\"%s\"}".formatted("4".repeat(128));
    ScoreFiles.run(options, bytes(line), out, plan::add);
    // the arena's context holds 128 tokens; 1 + 128 do not fit
    assertError(
        answers().get(0),
        1,
        "prompt and completion have 129 tokens, but the model's context holds 128; shorten them");
    String prompt = "{\"id\":1,\"prompt\":\"%s\"}".formatted("4".repeat(128));
    generate(temporary.resolve("policy"), GREEDY, 1, prompt);
    assertError(
        answers().get(0),
        1,
        "the prompt has 128 tokens, but the model's context holds 128 with its completion; shorten it");
  }

  @Test
  void aLineThatCouldNeverFitInMemoryIsAnsweredOnceAndTheOthersGoOn() {
    String lines =
        """
        {"id":"a","prompt_ids":[1,2]}
        {"id":"b","prompt_ids":%s}
        """
            .formatted(Arrays.toString(new int[60]));
    GenerateOptions options = new GenerateOptions(LLAMA, cpu(), WARM, 2, 5, 3);
    // a row of a block takes 128 x 384 + 48 x 160 bytes, a pass over 60 tokens 60 x 4224
    MemoryBudget memory = new MemoryBudget(PolicyModels.configOf(LLAMA), 200_000);
    GenerateFiles.Summary summary = GenerateFiles.run(options, bytes(lines), out, memory);
    List<JsonObject> answers = answers();
    assertThat(answers).hasSize(2 + 1);
    assertError(
        answers.get(2),
        2,
        "the prompt has 60 tokens, with its completion up to 68, which take 310272 bytes (253440 of"
            + " them a pass over the prompt), but 200000 are left beside the weights; shorten it");
    assertThat(summary.lines()).isEqualTo(new LineCounts(2, 1));
  }

  @Test
  void whatIsTakenOfMemoryIsSaidBeforeTheFirstLine() {
    generate(LLAMA, WARM, 1, "");
    assertThat(plan).hasSize(2);
    assertThat(plan.get(0)).startsWith("memory outside the heap: ");
    assertThat(plan.get(1))
        .startsWith("cache: 384 bytes a token of each row; 3 rows (--batch-size)");
  }

  @Test
  void whatWasTrainedToNothingIsAnErrorOfEveryLine() throws IOException {
    Path broken = arenaPolicy();
    byte[] weights = Files.readAllBytes(broken.resolve("model.safetensors"));
    Arrays.fill(weights, weights.length / 2, weights.length, (byte) 0xff); // NaN
    Files.write(broken.resolve("model.safetensors"), weights);
    generate(broken, GREEDY, 1, "{\"id\":1,\"prompt_ids\":[1]}");
    assertError(
        answers().get(0),
        1,
        "the logits of token 0 are not finite: the checkpoint's weights are damaged or its training diverged");
  }

  @Test
  void aMissingCheckpointIsNamed() {
    assertThatThrownBy(() -> generate(temporary.resolve("none"), GREEDY, 1, ""))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("none");
  }

  private Path arenaPolicy() {
    Path folder = temporary.resolve("policy");
    EmbeddedPolicy.extractTo(folder);
    return folder;
  }

  private GenerateFiles.Summary generate(
      Path checkpoint, SamplingParams sampling, int samples, String lines) {
    out.getBuffer().setLength(0);
    GenerateOptions options = new GenerateOptions(checkpoint, cpu(), sampling, samples, 5, 3);
    return GenerateFiles.run(options, bytes(lines), out, plan::add);
  }

  private static ModelOptions cpu() {
    return ModelOptions.defaults().on("cpu");
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<JsonObject> answers() {
    List<JsonObject> answers = new ArrayList<>();
    out.toString()
        .lines()
        .forEach(line -> answers.add(JsonParser.parseString(line).getAsJsonObject()));
    return answers;
  }

  private static void assertError(JsonObject answer, int line, String message) {
    assertThat(answer.keySet()).containsExactly("line", "error");
    assertThat(answer.get("line").getAsInt()).isEqualTo(line);
    assertThat(answer.get("error").getAsString()).contains(message);
  }

  private static String ids(Greedy one) {
    return Arrays.toString(one.prompt());
  }

  private static int[] ints(JsonObject answer, String key) {
    return new Gson().fromJson(answer.get(key), int[].class);
  }

  private static double[] doubles(JsonObject answer, String key) {
    JsonArray values = answer.get(key).getAsJsonArray();
    return new Gson().fromJson(values, double[].class);
  }

  private static Expected expected() throws IOException {
    return new Gson().fromJson(Files.readString(LLAMA.resolve("expected.json")), Expected.class);
  }
}

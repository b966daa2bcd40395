package io.rephrase.generation.server;

import static io.rephrase.endpoint.HostileServer.json;
import static io.rephrase.endpoint.HostileServer.late;
import static io.rephrase.endpoint.HostileServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.EndpointException;
import io.rephrase.data.FinishReason;
import io.rephrase.endpoint.EndpointAddress;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.EndpointKey;
import io.rephrase.endpoint.HostileServer;
import io.rephrase.endpoint.HostileServer.Reply;
import io.rephrase.endpoint.Patience;
import io.rephrase.generation.Completion;
import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.InterruptedGenerationException;
import io.rephrase.generation.SamplingParams;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.prompt.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the arena's tokenizer: 3 to 12 are the digits, 13 is +, 15 is =, 1 ends. */
class EndpointEngineTest {

  private static final Path POLICY = Path.of("src/main/resources/io/rephrase/arena/policy");
  private static final int[] PROMPT = {4, 13, 5, 15}; // 1+2=
  private static final SamplingParams SAMPLING = new SamplingParams(1, 1, 0, false, 8, true);
  private static final String VLLM_THREE = vllm("[6, 1]", "[-0.5, -0.25]", 2);

  private Tokenizer tokenizer;

  @BeforeEach
  void open() {
    tokenizer = Tokenizer.open(POLICY);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void vllmIsAskedByIdsAndAnswersWithIdsAndLogProbs() throws IOException {
    try (HostileServer server = new HostileServer(request -> json(VLLM_THREE))) {
      Completion three = only(answers(server, Dialects.VLLM, 1));
      assertThat(three.tokenIds()).containsExactly(6, 1);
      assertThat(three.logProbs()).containsExactly(-0.5f, -0.25f);
      assertThat(three.finishReason()).isEqualTo(FinishReason.EOS);
      assertThat(three.text(tokenizer::decode)).isEqualTo("3");
      HostileServer.Request sent = server.requests().get(0);
      assertThat(sent.path()).isEqualTo("/v1/completions");
      JsonObject body = JsonParser.parseString(sent.body()).getAsJsonObject();
      assertThat(body.get("prompt").toString()).isEqualTo("[4,13,5,15]");
      assertThat(body.get("model").getAsString()).isEqualTo("policy");
      assertThat(body.get("max_tokens").getAsInt()).isEqualTo(8);
      assertThat(body.get("stop_token_ids").toString()).isEqualTo("[1]");
      // The upper 31 bits of the sample's seed, 5 << 40.
      assertThat(body.get("seed").getAsInt()).isEqualTo(5 << 7);
    }
  }

  @Test
  void anOlderVllmNamesItsTokensById() throws IOException {
    String answer =
        """
        {"choices": [{"text": "3", "finish_reason": "stop", "logprobs":
          {"tokens": ["token_id:6", "token_id:1"], "token_logprobs": [-0.5, -0.25]}}],
         "usage": {"prompt_tokens": 4, "completion_tokens": 2}}""";
    assertThat(only(answers(answer, Dialects.VLLM)).tokenIds()).containsExactly(6, 1);
    String byText = answer.replace("token_id:6", "3");
    assertThat(error(byText, Dialects.VLLM))
        .contains("names its tokens by text, got \"3\"")
        .contains("this server gives no token ids, so nothing can be trained on");
  }

  @Test
  void sglangAnswersWithPairsOfLogProbAndId() throws IOException {
    String answer =
        """
        {"text": "3", "output_ids": [6], "meta_info": {"finish_reason": {"type": "stop", "matched": 1},
          "prompt_tokens": 4, "completion_tokens": 2,
          "output_token_logprobs": [[-0.5, 6, null], [-0.25, 1, null]]}}""";
    try (HostileServer server = new HostileServer(request -> json(answer))) {
      Completion three = only(answers(server, Dialects.SGLANG, 1));
      assertThat(three.tokenIds()).containsExactly(6, 1);
      assertThat(three.logProbs()).containsExactly(-0.5f, -0.25f);
      JsonObject body = JsonParser.parseString(server.requests().get(0).body()).getAsJsonObject();
      assertThat(server.requests().get(0).path()).isEqualTo("/generate");
      assertThat(body.get("input_ids").toString()).isEqualTo("[4,13,5,15]");
      assertThat(body.get("return_logprob").getAsBoolean()).isTrue();
    }
  }

  @Test
  void llamaCppAnswersWithTokensAndProbabilities() throws IOException {
    String answer =
        """
        {"content": "3", "tokens": [6, 1], "stop_type": "eos", "tokens_evaluated": 4,
         "tokens_predicted": 2, "completion_probabilities":
           [{"id": 6, "logprob": -0.5}, {"id": 1, "logprob": -0.25}]}""";
    Completion three = only(answers(answer, Dialects.LLAMA_CPP));
    assertThat(three.tokenIds()).containsExactly(6, 1);
    assertThat(three.finishReason()).isEqualTo(FinishReason.EOS);
  }

  @Test
  void anyOtherServerGivesTextAlone() throws IOException {
    String answer =
        """
        {"choices": [{"text": "3", "finish_reason": "length"}],
         "usage": {"prompt_tokens": 5, "completion_tokens": 1}}""";
    try (HostileServer server = new HostileServer(request -> json(answer));
        EndpointEngine engine = engine(server, Dialects.OPENAI, options(2))) {
      Completion three = only(all(engine.generate(requests(1).iterator())));
      assertThat(engine.givesTokens()).isFalse();
      assertThat(three.tokenIds()).isEmpty();
      assertThat(three.text(tokenizer::decode)).isEqualTo("3");
      assertThat(three.tokens()).isEqualTo(1);
      assertThat(three.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(server.requests().get(0).body()).contains("\"prompt\":\"1+2=\"");
    }
  }

  @Test
  void noMoreRequestsAreUnderWayThanThereAreSlots() throws IOException {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Reply counted =
        out -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          Thread.sleep(80);
          underWay.decrementAndGet();
          json(VLLM_THREE).write(out);
        };
    try (HostileServer server = new HostileServer(request -> counted)) {
      List<Completion> completions = answers(server, Dialects.VLLM, 9);
      assertThat(completions)
          .extracting(Completion::key)
          .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
      assertThat(most).hasValue(3);
    }
  }

  @Test
  void oneBadAnswerIsAnErrorOfItsRowAlone() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (HostileServer server =
        new HostileServer(
            request ->
                asked.getAndIncrement() == 1
                    ? json(vllm("[6, 1]", "[-0.5, -0.25]", 3))
                    : json(VLLM_THREE))) {
      List<Completion> completions = answers(server, Dialects.VLLM, 4);
      assertThat(completions).filteredOn(c -> c.finishReason() == FinishReason.EOS).hasSize(3);
      assertThat(completions)
          .filteredOn(c -> c.finishReason() == FinishReason.ERROR)
          .singleElement()
          .satisfies(
              c ->
                  assertThat(c.error())
                      .hasValue("the server counts 3 completion tokens, and there are 2"));
      // A count that is wrong would be wrong again: it was paid for once.
      assertThat(server.requests()).hasSize(4);
    }
  }

  @Test
  void numbersThatDoNotAgreeAreNamed() throws IOException {
    assertThat(error(vllm("[6, 1]", "[-0.5]", 2), Dialects.VLLM))
        .isEqualTo("the answer has 2 token ids and 1 log-probs: they must be equally many");
    assertThat(error(vllm("[6, 99]", "[-0.5, -0.25]", 2), Dialects.VLLM))
        .startsWith("token id 99 at position 1 is outside the vocabulary of ");
    assertThat(error(vllm("[7, 1]", "[-0.5, -0.25]", 2), Dialects.VLLM))
        .isEqualTo(
            "the ids spell \"4\" with the checkpoint's tokenizer, and the server says \"3\": its tokenizer is another");
    assertThat(error(vllm("[6, 1]", "[-0.5, 0.25]", 2), Dialects.VLLM))
        .startsWith("log-prob 0.25 at position 1 is none");
    assertThat(error(vllm("[6, 1]", "[-0.5, null]", 2), Dialects.VLLM))
        .isEqualTo("\"token_logprobs\" of the answer must be a number, got null");
    assertThat(error(vllm("[6]", "[-0.5]", 1), Dialects.VLLM))
        .isEqualTo(
            "the server ended it at token id 6, which is none of the checkpoint's end-of-sequence ids [1]");
    assertThat(
            error(
                VLLM_THREE.replace("\"prompt_tokens\": 4", "\"prompt_tokens\": 5"), Dialects.VLLM))
        .isEqualTo("the server counts 5 prompt tokens, and there are 4");
    assertThat(error("{\"choices\": []}", Dialects.VLLM))
        .isEqualTo("\"choices\" must hold one object, got 0 entries");
    assertThat(error(VLLM_THREE.replace("stop", "abort"), Dialects.VLLM))
        .isEqualTo("the server ended it with \"abort\"");
  }

  @Test
  void aServerThatFailsForAllEndsTheWorkAfterWhatWasAnswered() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (HostileServer server =
            new HostileServer(
                request ->
                    asked.getAndIncrement() < 3
                        ? json(VLLM_THREE)
                        : status(500, "", "CUDA error: device-side assert"));
        EndpointEngine engine = engine(server, Dialects.VLLM, options(3))) {
      Iterator<Completion> completions = engine.generate(requests(40).iterator());
      List<Completion> answered = new ArrayList<>();
      assertThatThrownBy(() -> completions.forEachRemaining(answered::add))
          .isInstanceOf(EndpointException.class)
          .hasMessageContaining(server.url())
          .hasMessageContaining("HTTP 500, CUDA error: device-side assert")
          .hasMessageContaining("start the server or mend it, and resume");
      assertThat(answered)
          .filteredOn(completion -> completion.finishReason() == FinishReason.EOS)
          .hasSize(3);
      // At most 3 more were under way, of 3 attempts each, and the others were never sent.
      assertThat(server.requests().size()).isLessThanOrEqualTo(3 + 3 * 2 * 3);
    }
  }

  @Test
  void aRequestThatIsAlwaysLateFailsAloneWhileOthersAreAnswered() throws IOException {
    try (HostileServer server =
        new HostileServer(
            request ->
                request.body().contains("\"prompt\":[3]")
                    ? late(5_000, json(VLLM_THREE))
                    : late(50, json(vllm("[6, 1]", "[-0.5, -0.25]", 2))))) {
      List<GenerationRequest> requests = new ArrayList<>(requests(30));
      requests.set(0, new GenerationRequest(0, new int[] {3}, 1, SAMPLING));
      try (EndpointEngine engine = engine(server, Dialects.VLLM, options(3))) {
        List<Completion> completions = all(engine.generate(requests.iterator()));
        assertThat(completions).hasSize(30);
        assertThat(completions)
            .filteredOn(completion -> completion.finishReason() == FinishReason.ERROR)
            .singleElement()
            .satisfies(
                late -> {
                  assertThat(late.key()).isZero();
                  assertThat(late.error().orElseThrow()).contains("no whole answer within 0.3 s");
                });
      }
    }
  }

  @Test
  void aRefusedRequestIsAnErrorOfItsRowWithTheServersWords() throws IOException {
    try (HostileServer server =
        new HostileServer(request -> status(422, "", "{\"detail\": \"seed must be int\"}"))) {
      assertThat(answers(server, Dialects.VLLM, 2))
          .hasSize(2)
          .allSatisfy(
              completion ->
                  assertThat(completion.error().orElseThrow())
                      .endsWith("HTTP 422, {\"detail\": \"seed must be int\"}"));
    }
  }

  @Test
  void aPromptThatLeavesNoRoomIsNotAsked() throws IOException {
    try (HostileServer server = new HostileServer(request -> json(VLLM_THREE));
        EndpointEngine engine =
            new EndpointEngine(
                server(server, Dialects.VLLM), policy(4), options(1), scorer(() -> false))) {
      Completion none = only(all(engine.generate(requests(1).iterator())));
      assertThat(none.finishReason()).isEqualTo(FinishReason.CONTEXT);
      assertThat(none.tokenIds()).isEmpty();
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void whatTheContextLeavesIsAskedForAndEndsThere() throws IOException {
    try (HostileServer server =
            new HostileServer(request -> json(vllm("[6]", "[-0.5]", 1).replace("stop", "length")));
        EndpointEngine engine =
            new EndpointEngine(
                server(server, Dialects.VLLM), policy(5), options(1), scorer(() -> false))) {
      Completion full = only(all(engine.generate(requests(1).iterator())));
      assertThat(full.finishReason()).isEqualTo(FinishReason.CONTEXT);
      assertThat(server.requests().get(0).body()).contains("\"max_tokens\":1,");
    }
  }

  @Test
  void aCancelledTaskStopsWaiting() throws IOException {
    AtomicBoolean cancelled = new AtomicBoolean();
    try (HostileServer server =
            new HostileServer(
                request -> {
                  cancelled.set(true);
                  return late(20_000, json(VLLM_THREE));
                });
        EndpointEngine engine =
            new EndpointEngine(
                new EndpointEngine.Server(
                    client(server, Duration.ofSeconds(60)), Dialects.VLLM, "policy"),
                policy(0),
                options(2).cancelledBy(cancelled::get),
                scorer(cancelled::get))) {
      long started = System.nanoTime();
      assertThatThrownBy(() -> all(engine.generate(requests(5).iterator())))
          .isInstanceOf(InterruptedGenerationException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void scoresAreTheCheckpointsOwn() throws IOException {
    List<TokenSequence> rows = List.of(new TokenSequence(PROMPT, new int[] {6, 1}));
    try (HostileServer server = new HostileServer(request -> json("{}"));
        EndpointEngine engine = engine(server, Dialects.VLLM, options(1));
        var model = PolicyModels.openForScoring(POLICY, ModelOptions.defaults())) {
      List<TokenScores> scores = engine.score(rows, 1.0);
      double[] expected = model.score(rows, 1.0, () -> {}).get(0).logProbs();
      assertThat(scores.get(0).logProbs()).containsExactly(expected, within(1e-6));
      assertThat(server.requests()).isEmpty();
    }
  }

  private static String vllm(String ids, String logProbs, int counted) {
    return """
        {"choices": [{"text": "3", "finish_reason": "stop", "token_ids": %s,
          "logprobs": {"tokens": [], "token_logprobs": %s}}],
         "usage": {"prompt_tokens": 4, "completion_tokens": %d}}"""
        .formatted(ids, logProbs, counted);
  }

  private String error(String answer, Dialects dialect) throws IOException {
    Completion failed = only(answers(answer, dialect));
    assertThat(failed.finishReason()).isEqualTo(FinishReason.ERROR);
    assertThat(failed.tokenIds()).isEmpty();
    return failed.error().orElseThrow();
  }

  private List<Completion> answers(String answer, Dialects dialect) throws IOException {
    try (HostileServer server = new HostileServer(request -> json(answer))) {
      return answers(server, dialect, 1);
    }
  }

  private List<Completion> answers(HostileServer server, Dialects dialect, int count) {
    try (EndpointEngine engine = engine(server, dialect, options(3))) {
      return all(engine.generate(requests(count).iterator()));
    }
  }

  private EndpointEngine engine(HostileServer server, Dialects dialect, EngineOptions options) {
    return new EndpointEngine(server(server, dialect), policy(0), options, scorer(() -> false));
  }

  private static EndpointEngine.Server server(HostileServer server, Dialects dialect) {
    return new EndpointEngine.Server(client(server, Duration.ofMillis(300)), dialect, "policy");
  }

  private static EndpointClient client(HostileServer server, Duration timeout) {
    Patience patience = new Patience(timeout, Duration.ofSeconds(30), 2, Duration.ofMillis(20));
    return new EndpointClient(
        new EndpointAddress(server.url()), EndpointKey.ofEnvironment(EndpointKey.NONE), patience);
  }

  private ServedPolicy policy(int contextTokens) {
    return ServedPolicy.of(tokenizer, PolicyModels.configOf(POLICY), contextTokens);
  }

  private static LocalScorer scorer(BooleanSupplier cancelled) {
    return new LocalScorer(POLICY, ModelOptions.defaults(), cancelled);
  }

  private static EngineOptions options(int slots) {
    return EngineOptions.of(slots);
  }

  private static List<GenerationRequest> requests(int count) {
    return IntStream.range(0, count)
        .mapToObj(key -> new GenerationRequest(key, PROMPT, 5L << 40, SAMPLING))
        .toList();
  }

  private static List<Completion> all(Iterator<Completion> completions) {
    List<Completion> list = new ArrayList<>();
    completions.forEachRemaining(list::add);
    return list;
  }

  private static Completion only(List<Completion> completions) {
    assertThat(completions).hasSize(1);
    return completions.get(0);
  }
}

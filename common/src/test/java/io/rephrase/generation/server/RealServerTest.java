package io.rephrase.generation.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import io.rephrase.EndpointException;
import io.rephrase.data.FinishReason;
import io.rephrase.endpoint.EndpointAddress;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.EndpointKey;
import io.rephrase.endpoint.Patience;
import io.rephrase.generation.Completion;
import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.prompt.Tokenizer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * SmolLM2-135M-Instruct served by llama-cpp-python, of the GGUF that its checkpoint was unpacked
 * from: {@code python -m llama_cpp.server --model smollm2-135m-instruct.q4_1.gguf}.
 */
class RealServerTest {

  record Case(
      @SerializedName("prompt_ids") int[] prompt, @SerializedName("greedy_text") String text) {}

  record Cases(List<Case> cases) {}

  private static final SamplingParams GREEDY = new SamplingParams(1, 1, 0, true, 16, true);

  private String url;
  private Path checkpoint;

  @BeforeEach
  void find() {
    url = setting("REPHRASE_SERVER", "give the URL of llama-cpp-python's server");
    checkpoint =
        Path.of(setting("REPHRASE_CHECKPOINT", "give the folder of SmolLM2-135M-Instruct"));
  }

  @Test
  void itsTextIsThatOfTransformersGreedyDecoding() throws IOException {
    // The third problem's first token is nearly a tie, and activations have 8 bits there.
    List<Case> cases = cases().subList(0, 2);
    List<Completion> completions = answers(Dialects.OPENAI, cases);
    assertThat(completions).hasSize(2);
    for (Completion completion : completions) {
      assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(completion.tokens()).isEqualTo(16);
      assertThat(completion.tokenIds()).isEmpty();
      String text = completion.textAlone().orElseThrow().text();
      assertThat(text).hasSizeGreaterThan(40);
      assertThat(cases.get((int) completion.key()).text()).startsWith(text);
    }
  }

  @Test
  void whoAsksItByIdsIsToldThatItTakesText() throws IOException {
    List<Case> one = cases().subList(0, 1);
    assertThatThrownBy(() -> answers(Dialects.VLLM, one))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining("Input should be a valid string");
  }

  private List<Completion> answers(Dialects dialect, List<Case> cases) {
    EndpointClient client =
        new EndpointClient(
            new EndpointAddress(url),
            EndpointKey.ofEnvironment(EndpointKey.NONE),
            Patience.of(240, 240, 0));
    String model = ServedModels.name(client, dialect, "");
    List<Completion> completions = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint);
        EndpointEngine engine =
            new EndpointEngine(
                new EndpointEngine.Server(client, dialect, model),
                ServedPolicy.of(tokenizer, PolicyModels.configOf(checkpoint), 0),
                EngineOptions.of(2),
                new LocalScorer(checkpoint, ModelOptions.defaults(), () -> false))) {
      List<GenerationRequest> requests = new ArrayList<>();
      for (Case one : cases) {
        requests.add(new GenerationRequest(requests.size(), one.prompt(), 1, GREEDY));
      }
      engine.generate(requests.iterator()).forEachRemaining(completions::add);
    }
    return completions;
  }

  private static List<Case> cases() throws IOException {
    try (InputStreamReader reader =
        new InputStreamReader(
            RealServerTest.class.getResourceAsStream("/golden/smollm2-135m-instruct.json"),
            StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, Cases.class).cases();
    }
  }

  private static String setting(String name, String how) {
    Optional<String> value =
        Optional.ofNullable(System.getProperty(name))
            .or(() -> Optional.ofNullable(System.getenv(name)));
    Assumptions.assumeTrue(value.isPresent(), name + " is not set: " + how + " to run this");
    return value.orElseThrow();
  }
}

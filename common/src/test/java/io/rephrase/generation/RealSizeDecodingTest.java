package io.rephrase.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import io.rephrase.model.ModelOptions;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Greedy decoding of SmolLM2-135M-Instruct against transformers: the same ids up to the first near
 * tie of the two best logits (below 2e-3), log-probabilities to 1e-3.
 */
class RealSizeDecodingTest {

  record Case(
      @SerializedName("prompt_ids") int[] prompt,
      @SerializedName("greedy_ids") int[] greedy,
      @SerializedName("greedy_log_probs") double[] logProbs,
      @SerializedName("first_near_tie") Integer firstNearTie) {

    int comparable() {
      return firstNearTie == null ? greedy.length : firstNearTie;
    }
  }

  record Cases(List<Case> cases) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void greedyDecodingIsThatOfTransformersAloneAndInOneMixedBatch(int slots) throws IOException {
    Path checkpoint = checkpoint();
    List<Case> cases = cases();
    // alone, one prompt tells; together all of them stand side by side, each at its own length
    List<Case> chosen = slots == 1 ? cases.subList(0, 1) : cases;
    try (TorchEngine engine = open(checkpoint, slots)) {
      Map<Long, Completion> completions = run(engine, requests(chosen));
      for (int i = 0; i < chosen.size(); i++) {
        check(chosen.get(i), completions.get((long) i));
      }
    }
  }

  @Test
  void theSameRequestsGiveTheSameBits() throws IOException {
    Path checkpoint = checkpoint();
    SamplingParams warm = new SamplingParams(0.8, 0.95, 50, false, 16, false);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      requests.add(new GenerationRequest(i, cases().get(i / 4).prompt(), 40 + i, warm));
    }
    List<String> first;
    try (TorchEngine engine = open(checkpoint, 4)) {
      first = bits(run(engine, requests));
      assertThat(bits(run(engine, requests))).isEqualTo(first);
    }
  }

  private static void check(Case expected, Completion completion) {
    int tokens = expected.comparable();
    assertThat(Arrays.copyOf(completion.tokenIds(), tokens))
        .isEqualTo(Arrays.copyOf(expected.greedy(), tokens));
    for (int i = 0; i < tokens; i++) {
      assertThat((double) completion.logProbs()[i]).isCloseTo(expected.logProbs()[i], within(1e-3));
    }
  }

  private static List<GenerationRequest> requests(List<Case> cases) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      Case one = cases.get(i);
      SamplingParams greedy = new SamplingParams(1, 1, 0, true, one.greedy().length, true);
      requests.add(new GenerationRequest(i, one.prompt(), i, greedy));
    }
    return requests;
  }

  private static Map<Long, Completion> run(TorchEngine engine, List<GenerationRequest> requests) {
    Map<Long, Completion> completions = new TreeMap<>();
    engine.generate(requests.iterator()).forEachRemaining(c -> completions.put(c.key(), c));
    return completions;
  }

  private static List<String> bits(Map<Long, Completion> completions) {
    return completions.values().stream()
        .map(c -> Arrays.toString(c.tokenIds()) + Arrays.toString(c.logProbs()))
        .toList();
  }

  private static TorchEngine open(Path checkpoint, int slots) {
    return TorchEngine.open(checkpoint, ModelOptions.defaults().on("cpu"), EngineOptions.of(slots));
  }

  private static List<Case> cases() throws IOException {
    try (InputStreamReader reader =
        new InputStreamReader(
            RealSizeDecodingTest.class.getResourceAsStream("/golden/smollm2-135m-instruct.json"),
            StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, Cases.class).cases();
    }
  }

  private static Path checkpoint() {
    Optional<String> folder =
        Optional.ofNullable(System.getProperty("REPHRASE_CHECKPOINT"))
            .or(() -> Optional.ofNullable(System.getenv("REPHRASE_CHECKPOINT")));
    Assumptions.assumeTrue(
        folder.isPresent(),
        "REPHRASE_CHECKPOINT is not set: give the folder of SmolLM2-135M-Instruct to run this");
    return Path.of(folder.orElseThrow());
  }
}

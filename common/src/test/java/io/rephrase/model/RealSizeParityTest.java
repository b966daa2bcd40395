package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** SmolLM2-135M-Instruct against transformers: log-probabilities and entropies to 1e-3. */
class RealSizeParityTest {

  record Case(
      @SerializedName("prompt_ids") int[] prompt,
      @SerializedName("greedy_ids") int[] greedy,
      @SerializedName("greedy_log_probs") double[] greedyLogProbs,
      @SerializedName("knowledge_ids") int[] knowledge,
      @SerializedName("knowledge_log_probs") double[] knowledgeLogProbs,
      @SerializedName("knowledge_entropy") double[] knowledgeEntropy) {}

  record Cases(List<Case> cases) {}

  @Test
  void scoresAreThoseOfTransformers() throws IOException {
    Path checkpoint = checkpoint();
    List<Case> cases = cases();
    try (TorchPolicyModel model =
        PolicyModels.openForScoring(checkpoint, ModelOptions.defaults())) {
      assertThat(model.config().parameters()).isEqualTo(134_515_008L);
      List<TokenScores> knowledge =
          model.score(
              cases.stream().map(c -> new TokenSequence(c.prompt(), c.knowledge())).toList(), 1);
      List<TokenScores> greedy =
          model.score(
              cases.stream().map(c -> new TokenSequence(c.prompt(), c.greedy())).toList(), 1);
      for (int i = 0; i < cases.size(); i++) {
        ForwardParityTest.assertClose(
            knowledge.get(i).logProbs(), cases.get(i).knowledgeLogProbs(), 1e-3);
        ForwardParityTest.assertClose(
            knowledge.get(i).entropies(), cases.get(i).knowledgeEntropy(), 1e-3);
        ForwardParityTest.assertClose(
            greedy.get(i).logProbs(), cases.get(i).greedyLogProbs(), 1e-3);
      }
    }
  }

  private static List<Case> cases() throws IOException {
    try (InputStreamReader reader =
        new InputStreamReader(
            RealSizeParityTest.class.getResourceAsStream("/golden/smollm2-135m-instruct.json"),
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

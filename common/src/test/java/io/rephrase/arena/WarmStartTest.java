package io.rephrase.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.arena.WarmStart.Decay;
import io.rephrase.arena.WarmStart.Settings;
import io.rephrase.data.HashSplit;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.prompt.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmStartTest {

  @TempDir Path folder;

  @Test
  void halfOfABatchSolvesEasyProblemsAndHalfRestates() {
    List<WarmStartCorpus.Example> batch = ArenaWarmStart.corpus().batch(200, 3, 1);
    for (int row = 0; row < batch.size(); row++) {
      String prompt = batch.get(row).prompt();
      String question = prompt.substring(0, prompt.indexOf(':') + 1);
      assertThat(HashSplit.of(question)).as(question).isEqualTo(HashSplit.TRAIN);
      assertThat(prompt.endsWith("R")).isEqualTo(row % 2 == 1);
      // A question of n steps has 3 + 2n characters: Q, start and colon, then two a step.
      int steps = (question.length() - 3) / 2;
      assertThat(steps).isBetween(1, row % 2 == 1 ? 6 : 3);
    }
    assertThat(ArenaWarmStart.corpus().batch(200, 3, 1)).isEqualTo(batch);
    assertThat(ArenaWarmStart.corpus().batch(200, 4, 1)).isNotEqualTo(batch);
  }

  @Test
  void theLearningRateRisesAndFalls() {
    Settings cosine = new Settings(110, 1, 1, 1.0, 10, Decay.COSINE);
    assertThat(cosine.learningRateAt(0)).isEqualTo(0.1);
    assertThat(cosine.learningRateAt(9)).isEqualTo(1.0);
    assertThat(cosine.learningRateAt(10)).isEqualTo(1.0);
    assertThat(cosine.learningRateAt(60)).isEqualTo(0.5, within(1e-12)); // cos(pi / 2) = 0
    Settings linear = new Settings(110, 1, 1, 1.0, 10, Decay.LINEAR);
    assertThat(linear.learningRateAt(85)).isEqualTo(0.25); // three quarters of the way down
  }

  @Test
  void aFewStepsLowerTheLossOfAFreshPolicy() throws IOException {
    List<Double> losses = new ArrayList<>();
    ArenaWarmStart.run(
        folder.resolve("random"),
        folder.resolve("trained"),
        new Settings(30, 16, 5, 2e-3, 5, Decay.COSINE),
        1,
        (loss, gradientNorm) -> losses.add(loss));
    assertThat(losses).hasSize(30);
    assertThat(losses.get(29)).isLessThan(losses.get(0));
    assertThat(loss(folder.resolve("trained"))).isLessThan(0.8 * loss(folder.resolve("random")));
    assertThat(folder.resolve("trained/tokenizer.json")).exists();
  }

  @Test
  void weightsAreAFunctionOfTheSeed() throws IOException {
    TinyLlama.arena().create(folder.resolve("a"), 1);
    TinyLlama.arena().create(folder.resolve("b"), 1);
    TinyLlama.arena().create(folder.resolve("c"), 2);
    byte[] a = Files.readAllBytes(folder.resolve("a/model.safetensors"));
    assertThat(Files.readAllBytes(folder.resolve("b/model.safetensors"))).isEqualTo(a);
    assertThat(Files.readAllBytes(folder.resolve("c/model.safetensors"))).isNotEqualTo(a);
  }

  /** Of one step with a learning rate of 0: the loss as it is. */
  private static double loss(Path checkpoint) {
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint);
        TorchPolicyModel model =
            PolicyModels.openForTraining(checkpoint, ModelOptions.defaults())) {
      Settings measure = new Settings(1, 64, 64, 0, 0, Decay.COSINE);
      return new WarmStart(ArenaWarmStart.corpus(), measure)
          .train(model, tokenizer, 99, (loss, gradientNorm) -> {});
    }
  }
}

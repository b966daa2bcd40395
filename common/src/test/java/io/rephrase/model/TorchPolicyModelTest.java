package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchPolicyModelTest {
  private static final String NAME = "llama-gqa-tied";
  private static final List<TokenSequence> ROWS =
      List.of(
          new TokenSequence(new int[] {3, 4, 5}, new int[] {6, 7}),
          new TokenSequence(new int[] {8}, new int[] {9, 10, 11}));
  private static final AdamWSettings SETTINGS = new AdamWSettings(1e-3, 0.9, 0.999, 1e-8, 0);

  @TempDir Path scratch;

  @Test
  void newWeightsAreTakenUpFromAFolderAndFromMemory() {
    try (TorchPolicyModel trained = train();
        TorchPolicyModel reader = score();
        TorchPolicyModel sharing = score()) {
      double before = first(reader);
      trained.accumulateGradients(ROWS, 1, TorchPolicyModelTest::encourage);
      trained.step(SETTINGS);
      assertThat(trained.weights().version()).isEqualTo(2);
      trained.save(scratch.resolve("next"));
      assertThat(first(reader)).isEqualTo(before);
      reader.takeUp(PolicyFolder.of(scratch.resolve("next")));
      sharing.takeUp(trained);
      assertThat(first(reader)).isEqualTo(first(trained)).isGreaterThan(before);
      assertThat(first(sharing)).isEqualTo(first(trained));
      assertThat(reader.weights().version()).isEqualTo(2);
    }
  }

  @Test
  void weightsOfAnotherArchitectureAreNotTakenUp() {
    try (TorchPolicyModel reader = score();
        TorchPolicyModel other =
            PolicyModels.openForScoring(
                GoldenCheckpoints.folder("qwen2-gqa-tied"), ModelOptions.defaults())) {
      assertThatThrownBy(
              () -> reader.takeUp(PolicyFolder.of(GoldenCheckpoints.folder("qwen2-gqa-tied"))))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("holds a model of another architecture");
      assertThatThrownBy(() -> reader.takeUp(other)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void weightsOfTheSameShapesThatAreComputedOtherwiseAreNotTakenUp() throws IOException {
    Path folder = GoldenCheckpoints.copy(NAME, scratch);
    JsonObject config = GoldenCheckpoints.config(folder);
    config.addProperty("rms_norm_eps", 0.25);
    GoldenCheckpoints.rewriteConfig(folder, config);
    try (TorchPolicyModel reader = score()) {
      assertThat(reader.canTakeUp(PolicyFolder.of(GoldenCheckpoints.folder(NAME)))).isTrue();
      assertThat(reader.canTakeUp(PolicyFolder.of(folder))).isFalse();
      assertThatThrownBy(() -> reader.takeUp(PolicyFolder.of(folder)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageEndingWith(
              "holds a model of another architecture than the one loaded; open it anew");
    }
  }

  @Test
  void aModelMovesFromThreadToThread() {
    try (TorchPolicyModel model = train()) {
      double here = first(model);
      double there = CompletableFuture.supplyAsync(() -> first(model)).join();
      assertThat(there).isEqualTo(here);
      CompletableFuture.runAsync(
              () -> model.accumulateGradients(ROWS, 1, TorchPolicyModelTest::encourage))
          .join();
      assertThat(model.clipGradients(Double.POSITIVE_INFINITY)).isPositive();
    }
  }

  @Test
  void aLossThatAsksForNothingChangesNoGradient() {
    try (TorchPolicyModel model = train()) {
      model.accumulateGradients(
          ROWS,
          1,
          (row, scores) ->
              new TokenGradients(
                  new double[scores.logProbs().length], new double[scores.logProbs().length]));
      assertThat(model.clipGradients(1)).isZero();
    }
  }

  @Test
  void clippingScalesToTheNorm() {
    try (TorchPolicyModel model = train()) {
      model.accumulateGradients(ROWS, 1, TorchPolicyModelTest::encourage);
      double norm = model.clipGradients(Double.POSITIVE_INFINITY);
      assertThat(model.clipGradients(norm / 2)).isEqualTo(norm);
      assertThat(model.clipGradients(norm)).isBetween(norm / 2 * 0.9999, norm / 2 * 1.0001);
    }
  }

  @Test
  void rowsThatDoNotFitAreRefused() {
    try (TorchPolicyModel model = score()) {
      assertThatThrownBy(
              () -> model.score(List.of(new TokenSequence(new int[] {160}, new int[0])), 1))
          .hasMessage(
              "row 0 holds the id 160, but ids must be in [0, 160); use the tokenizer of this"
                  + " model");
      assertThatThrownBy(
              () -> model.score(List.of(new TokenSequence(new int[200], new int[57])), 1))
          .hasMessage("row 0 has 257 tokens, but the context holds 256; cut or drop it");
      assertThatThrownBy(() -> model.score(ROWS, 0))
          .hasMessage("temperature must be positive, got 0.0");
      assertThatThrownBy(() -> model.step(SETTINGS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("opened for scoring");
      assertThat(model.score(List.of(new TokenSequence(new int[] {1}, new int[0])), 1).get(0))
          .extracting(scores -> scores.logProbs().length)
          .isEqualTo(0);
    }
  }

  @Test
  void weightsThatAreNotThoseOfTheConfigurationAreRefused() throws IOException {
    Path folder = GoldenCheckpoints.copy(NAME, scratch);
    JsonObject config = GoldenCheckpoints.config(folder);
    config.addProperty("tie_word_embeddings", false);
    GoldenCheckpoints.rewriteConfig(folder, config);
    assertThatThrownBy(() -> PolicyModels.openForScoring(folder, ModelOptions.defaults()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("lacks the tensor lm_head.weight");
    config.addProperty("tie_word_embeddings", true);
    config.addProperty("vocab_size", 161);
    GoldenCheckpoints.rewriteConfig(folder, config);
    assertThatThrownBy(() -> PolicyModels.openForScoring(folder, ModelOptions.defaults()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "tensor model.embed_tokens.weight has shape [160, 48], but the model's config.json"
                + " calls for [161, 48]");
  }

  @Test
  void nothingIsWrittenOverAnything() throws IOException {
    Files.createDirectories(scratch.resolve("there"));
    try (TorchPolicyModel model = score()) {
      assertThatThrownBy(() -> model.save(scratch.resolve("there")))
          .hasMessageEndingWith("there exists already; give a folder that is yet to be made");
    }
  }

  @Test
  void memoryIsKnownBeforeAnythingIsOpened() {
    Path folder = GoldenCheckpoints.folder(NAME);
    ModelOptions options = ModelOptions.defaults().within(1000, 500);
    try (TorchPolicyModel model = train()) {
      assertThat(PolicyModels.configOf(folder)).isEqualTo(model.config());
      assertThat(PolicyModels.trainingBytes(folder, options))
          .isEqualTo(model.nativeBytes() + 3 * 1000 + 500);
    }
    try (TorchPolicyModel model = score()) {
      assertThat(PolicyModels.scoringBytes(folder, options))
          .isEqualTo(model.nativeBytes() + 3 * 1000);
    }
  }

  @Test
  void anOptimizerOfAnotherModelIsRefused() {
    try (TorchPolicyModel llama = train();
        TorchPolicyModel qwen =
            PolicyModels.openForTraining(
                GoldenCheckpoints.folder("qwen2-gqa-tied"), ModelOptions.defaults())) {
      qwen.saveOptimizer(scratch.resolve("optimizer"));
      assertThatThrownBy(() -> llama.loadOptimizer(scratch.resolve("optimizer")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("first_moment.model.embed_tokens.weight has shape [160, 56]");
      assertThatThrownBy(() -> llama.loadOptimizer(scratch.resolve("nowhere")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("lacks optimizer.safetensors");
    }
  }

  private static TokenGradients encourage(int row, TokenScores scores) {
    double[] gradient = new double[scores.logProbs().length];
    Arrays.fill(gradient, -1);
    return new TokenGradients(gradient, new double[gradient.length]);
  }

  private static double first(TorchPolicyModel model) {
    return model.score(ROWS, 1).get(0).logProbs()[0];
  }

  private static TorchPolicyModel train() {
    return PolicyModels.openForTraining(GoldenCheckpoints.folder(NAME), ModelOptions.defaults());
  }

  private static TorchPolicyModel score() {
    return PolicyModels.openForScoring(GoldenCheckpoints.folder(NAME), ModelOptions.defaults());
  }
}

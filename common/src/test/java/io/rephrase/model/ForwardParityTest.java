package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.model.weights.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Forward passes against transformers' numbers: logits to 2e-4, log-probabilities to 1e-4. */
class ForwardParityTest {
  static final List<String> CHECKPOINTS = GoldenCheckpoints.NAMES;

  @TempDir Path scratch;

  @ParameterizedTest
  @FieldSource("CHECKPOINTS")
  void logitsAreThoseOfTransformers(String name) {
    GoldenCheckpoints.Expected expected = expected(name);
    try (TorchPolicyModel model = open(name, ModelOptions.defaults())) {
      for (int row = 0; row < expected.input_ids().length; row++) {
        int[] ids = expected.input_ids()[row];
        int split = ids.length - 3; // the last token predicts too: a token after it is made up
        int[] completion = Arrays.copyOf(Arrays.copyOfRange(ids, split, ids.length), 4);
        float[][] logits = model.logits(new TokenSequence(Arrays.copyOf(ids, split), completion));
        for (int token = 0; token < 4; token++) {
          assertClose(
              widen(logits[token]), expected.logits_at_4_last_positions()[row][token], 2e-4);
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("CHECKPOINTS")
  void scoresAreThoseOfTransformers(String name) {
    GoldenCheckpoints.Expected expected = expected(name);
    try (TorchPolicyModel model = open(name, ModelOptions.defaults())) {
      List<TokenScores> atOne = model.score(expected.rows(), 1);
      List<TokenScores> cooler = model.score(expected.rows(), 0.7);
      for (int row = 0; row < atOne.size(); row++) {
        assertClose(atOne.get(row).logProbs(), expected.token_log_probs()[row], 1e-4);
        assertClose(atOne.get(row).entropies(), expected.entropy()[row], 1e-4);
        assertClose(
            cooler.get(row).logProbs(), expected.token_log_probs_temperature_0_7()[row], 1e-4);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("CHECKPOINTS")
  void raggedRowsAreScoredAsIfAloneWhateverTheChunks(String name) {
    List<TokenSequence> ragged = ragged(expected(name).input_ids()[0]);
    // 160 ids of 4 bytes: 3 tokens of logits at a time
    ModelOptions smallChunks = ModelOptions.defaults().within(3 * 160 * 4, 1L << 30);
    try (TorchPolicyModel model = open(name, smallChunks)) {
      List<TokenScores> together = model.score(ragged, 1);
      for (int row = 0; row < ragged.size(); row++) {
        TokenScores alone = model.score(List.of(ragged.get(row)), 1).get(0);
        assertClose(together.get(row).logProbs(), alone.logProbs(), 1e-5);
        assertClose(together.get(row).entropies(), alone.entropies(), 1e-5);
      }
    }
  }

  private static List<TokenSequence> ragged(int[] ids) {
    List<TokenSequence> rows = new ArrayList<>();
    for (int length : new int[] {7, 2, 24, 7, 15, 3, 24}) {
      rows.add(
          new TokenSequence(
              Arrays.copyOf(ids, 1 + length / 4), Arrays.copyOfRange(ids, 1 + length / 4, length)));
    }
    rows.add(3, new TokenSequence(new int[] {5}, new int[0]));
    return rows;
  }

  @ParameterizedTest
  @FieldSource("CHECKPOINTS")
  void savedAndReadAgainItIsTheSameModel(String name) {
    GoldenCheckpoints.Expected expected = expected(name);
    ModelOptions sharded = ModelOptions.defaults().savedAs(TensorType.F32, 100_000);
    Path saved = scratch.resolve("saved");
    try (TorchPolicyModel model = open(name, sharded)) {
      model.save(saved);
      assertThat(saved.resolve("model.safetensors.index.json")).exists();
      try (TorchPolicyModel again = PolicyModels.openForScoring(saved, ModelOptions.defaults())) {
        assertThat(again.config()).isEqualTo(model.config());
        assertThat(again.score(expected.rows(), 1).get(0).logProbs())
            .isEqualTo(model.score(expected.rows(), 1).get(0).logProbs());
      }
    }
  }

  @Test
  void bfloat16WeightsComeBackToTheBit() throws IOException {
    // the checkpoint is stored in bfloat16, so that writing bfloat16 loses nothing
    GoldenCheckpoints.Expected expected = expected("qwen2-gqa-tied");
    ModelOptions half = ModelOptions.defaults().savedAs(TensorType.BF16, 1L << 30);
    Path saved = scratch.resolve("saved");
    try (TorchPolicyModel model = open("qwen2-gqa-tied", half)) {
      model.save(saved);
      assertThat(GoldenCheckpoints.config(saved).get("torch_dtype").getAsString())
          .isEqualTo("bfloat16");
      try (TorchPolicyModel again = PolicyModels.openForScoring(saved, ModelOptions.defaults())) {
        assertThat(again.score(expected.rows(), 1).get(1).logProbs())
            .isEqualTo(model.score(expected.rows(), 1).get(1).logProbs());
      }
    }
  }

  static GoldenCheckpoints.Expected expected(String name) {
    return GoldenCheckpoints.read(name, "expected.json", GoldenCheckpoints.Expected.class);
  }

  private static TorchPolicyModel open(String name, ModelOptions options) {
    return PolicyModels.openForScoring(GoldenCheckpoints.folder(name), options);
  }

  private static double[] widen(float[] numbers) {
    double[] wide = new double[numbers.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = numbers[i];
    }
    return wide;
  }

  static void assertClose(double[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("entry %d", i).isCloseTo(expected[i], within(tolerance));
    }
  }
}

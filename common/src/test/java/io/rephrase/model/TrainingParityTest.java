package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import com.google.gson.annotations.SerializedName;
import io.rephrase.model.weights.TensorType;
import io.rephrase.torch.ScriptModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three AdamW steps of the clipped-ratio loss on one group of 8, against float64 numbers: learning
 * rate 2e-3, betas 0.9 and 0.95, weight decay 0.1, gradients clipped to a norm of 0.5.
 */
class TrainingParityTest {
  static final List<String> CHECKPOINTS = GoldenCheckpoints.NAMES;
  private static final AdamWSettings SETTINGS = new AdamWSettings(2e-3, 0.9, 0.95, 1e-8, 0.1);

  @TempDir Path scratch;

  record Step(
      double loss,
      @SerializedName("grad_norm_before_clipping") double norm,
      @SerializedName("mean_entropy") double entropy,
      @SerializedName("log_probs") double[][] logProbs) {}

  record Sums(double sum, @SerializedName("abs_sum") double absoluteSum, double[] first) {}

  record Steps(
      @SerializedName("prompt_ids") int[] prompt,
      @SerializedName("completion_ids") int[][] completions,
      @SerializedName("completion_lengths") int[] lengths,
      double[] advantages,
      @SerializedName("old_log_probs") double[][] oldLogProbs,
      List<Step> steps,
      @SerializedName("log_probs_after") double[][] logProbsAfter,
      @SerializedName("parameters_after") Map<String, Sums> parametersAfter) {

    List<TokenSequence> rows() {
      return IntStream.range(0, lengths.length)
          .mapToObj(row -> new TokenSequence(prompt, Arrays.copyOf(completions[row], lengths[row])))
          .toList();
    }

    int tokens() {
      return Arrays.stream(lengths).sum();
    }
  }

  static Stream<Arguments> checkpointsAndSplits() {
    ModelOptions roomy = ModelOptions.defaults();
    // one byte of logits: each token a chunk of its own, and every row longer than a chunk
    ModelOptions oneToken = roomy.within(1, 1L << 30);
    // one byte of activations: each row alone, each block computed again on the way back
    ModelOptions recomputing = roomy.within(3 * 160 * 4, 1);
    return CHECKPOINTS.stream()
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, List.of(8), roomy),
                    Arguments.of(name, List.of(3, 5), roomy),
                    Arguments.of(name, List.of(1, 1, 1, 1, 1, 1, 1, 1), oneToken),
                    Arguments.of(name, List.of(8), recomputing)));
  }

  @ParameterizedTest
  @MethodSource("checkpointsAndSplits")
  void threeStepsAreThoseOfTheReference(
      String name, List<Integer> microBatches, ModelOptions options) {
    Steps golden = golden(name);
    try (TorchPolicyModel model =
        PolicyModels.openForTraining(GoldenCheckpoints.folder(name), options)) {
      for (int index = 0; index < golden.steps().size(); index++) {
        Step expected = golden.steps().get(index);
        double tolerance = index == 0 ? 1e-5 : 1e-3; // relative
        ClippedRatio loss = new ClippedRatio(golden);
        double norm = step(model, golden, microBatches, loss);
        assertThat(loss.total)
            .isCloseTo(expected.loss(), within(tolerance * Math.abs(expected.loss()) + 1e-6));
        assertThat(norm).isCloseTo(expected.norm(), within(tolerance * expected.norm()));
        assertThat(loss.entropy / golden.tokens()).isCloseTo(expected.entropy(), within(1e-3));
      }
      assertAfter(model, golden);
    }
  }

  private static void assertAfter(TorchPolicyModel model, Steps golden) {
    List<TokenScores> after = model.score(golden.rows(), 1);
    for (int row = 0; row < after.size(); row++) {
      ForwardParityTest.assertClose(
          after.get(row).logProbs(),
          Arrays.copyOf(golden.logProbsAfter()[row], golden.lengths()[row]),
          2e-3);
    }
    assertThat(golden.parametersAfter().keySet()).isEqualTo(model.weights().byName().keySet());
    golden
        .parametersAfter()
        .forEach(
            (parameter, sums) -> {
              NDArray array = model.weights().byName().get(parameter);
              NDList found =
                  ScriptModule.of("tensors").many(model.manager(), "sum_and_absolute_sum", array);
              double allowed = 1e-3 * array.size();
              assertThat(found.get(0).getDouble()).isCloseTo(sums.sum(), within(allowed));
              assertThat(found.get(1).getDouble()).isCloseTo(sums.absoluteSum(), within(allowed));
              float[] first = array.toFloatArray();
              for (int i = 0; i < sums.first().length; i++) {
                assertThat((double) first[i])
                    .as("%s[%d]", parameter, i)
                    .isCloseTo(sums.first()[i], within(1e-3));
              }
            });
  }

  private static double step(
      TorchPolicyModel model, Steps golden, List<Integer> microBatches, ClippedRatio loss) {
    List<TokenSequence> rows = golden.rows();
    int start = 0;
    for (int size : microBatches) {
      int first = start;
      model.accumulateGradients(
          rows.subList(first, first + size), 1, (row, scores) -> loss.of(first + row, scores));
      start += size;
    }
    double norm = model.clipGradients(0.5);
    model.step(SETTINGS);
    model.zeroGradients();
    return norm;
  }

  /** Clipped ratio 0.2 / 0.28, averaged over all tokens of the group. */
  private static final class ClippedRatio implements ScoreGradient {
    private final Steps golden;
    private double total;
    private double entropy;

    ClippedRatio(Steps golden) {
      this.golden = golden;
    }

    @Override
    public TokenGradients of(int row, TokenScores scores) {
      double[] gradient = new double[scores.logProbs().length];
      double advantage = golden.advantages()[row];
      for (int t = 0; t < gradient.length; t++) {
        double ratio = Math.exp(scores.logProbs()[t] - golden.oldLogProbs()[row][t]);
        double free = ratio * advantage;
        double clipped = Math.max(0.8, Math.min(1.28, ratio)) * advantage;
        total -= Math.min(free, clipped) / golden.tokens();
        gradient[t] = free <= clipped ? -free / golden.tokens() : 0;
        entropy += scores.entropies()[t];
      }
      return new TokenGradients(gradient, new double[gradient.length]);
    }
  }

  @ParameterizedTest
  @FieldSource("CHECKPOINTS")
  void entropyAndTemperatureGradientsAreThoseOfFiniteDifferences(String name) {
    Steps golden = golden(name);
    List<TokenSequence> rows = golden.rows().subList(0, 3);
    // loss = sum of 0.3 log p - 0.2 H at T = 0.7, moved along one weight of the final norm
    ScoreGradient loss =
        (row, scores) ->
            new TokenGradients(
                filled(scores.logProbs().length, 0.3), filled(scores.logProbs().length, -0.2));
    try (TorchPolicyModel model =
        PolicyModels.openForTraining(GoldenCheckpoints.folder(name), ModelOptions.defaults())) {
      model.accumulateGradients(rows, 0.7, loss);
      float analytic = model.gradient("model.norm.weight").toFloatArray()[3];
      double up = moved(model, rows, 1e-2f);
      double down = moved(model, rows, -2e-2f);
      assertThat((up - down) / 2e-2).isCloseTo(analytic, within(2e-2 * Math.abs(analytic) + 2e-2));
    }
  }

  private static double moved(TorchPolicyModel model, List<TokenSequence> rows, float by) {
    NDArray norm = model.weights().finalNorm();
    float[] delta = new float[(int) norm.size()];
    delta[3] = by;
    NDArray sum =
        ScriptModule.of("tensors")
            .one(
                model.manager(),
                "scaled_sum",
                new NDList(norm, model.manager().create(delta)),
                1.0);
    ScriptModule.of("tensors").run("copy_all", new NDList(norm), new NDList(sum));
    return model.score(rows, 0.7).stream()
        .mapToDouble(
            scores ->
                0.3 * Arrays.stream(scores.logProbs()).sum()
                    - 0.2 * Arrays.stream(scores.entropies()).sum())
        .sum();
  }

  private static double[] filled(int length, double value) {
    double[] numbers = new double[length];
    Arrays.fill(numbers, value);
    return numbers;
  }

  /** Also where the policy's folder holds the weights rounded to bfloat16. */
  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "BF16"})
  void aRunThatWasSavedGoesOnAsIfItNeverStopped(TensorType saved) {
    Steps golden = golden("llama-gqa-tied");
    ModelOptions options =
        ModelOptions.defaults().savedAs(saved, ModelOptions.defaults().shardBytes());
    List<double[]> after = new ArrayList<>();
    try (TorchPolicyModel model =
        PolicyModels.openForTraining(GoldenCheckpoints.folder("llama-gqa-tied"), options)) {
      step(model, golden, List.of(8), new ClippedRatio(golden));
      model.save(scratch.resolve("model"));
      model.saveOptimizer(scratch.resolve("optimizer"));
      step(model, golden, List.of(8), new ClippedRatio(golden));
      model.score(golden.rows(), 1).forEach(scores -> after.add(scores.logProbs()));
    }
    try (TorchPolicyModel model = PolicyModels.openForTraining(scratch.resolve("model"), options)) {
      model.loadOptimizer(scratch.resolve("optimizer"));
      step(model, golden, List.of(8), new ClippedRatio(golden));
      List<TokenScores> resumed = model.score(golden.rows(), 1);
      for (int row = 0; row < resumed.size(); row++) {
        assertThat(resumed.get(row).logProbs()).isEqualTo(after.get(row));
      }
    }
  }

  @Test
  void aGradientThatIsNotANumberShowsInTheNorm() {
    Steps golden = golden("llama-gqa-tied");
    try (TorchPolicyModel model = train("llama-gqa-tied")) {
      model.accumulateGradients(
          golden.rows(),
          1,
          (row, scores) ->
              new TokenGradients(
                  filled(scores.logProbs().length, Double.NaN),
                  filled(scores.logProbs().length, 0)));
      assertThat(model.clipGradients(1)).isNaN();
      model.zeroGradients();
      assertThat(model.clipGradients(Double.POSITIVE_INFINITY)).isZero();
    }
  }

  private static TorchPolicyModel train(String name) {
    return PolicyModels.openForTraining(GoldenCheckpoints.folder(name), ModelOptions.defaults());
  }

  private static Steps golden(String name) {
    return GoldenCheckpoints.read(name, "train_steps.json", Steps.class);
  }
}

package io.rephrase.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.data.Label;
import io.rephrase.data.Seeds;
import io.rephrase.loss.Algorithm.Settings;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlgorithmsTest {

  private static final double STEP = 1e-6;
  private static final StepShape SHAPE = new StepShape(40, 24, 9, 8, 12);

  @ParameterizedTest
  @EnumSource
  void gradientAgreesWithFiniteDifferences(Algorithms preset) {
    Settings settings = preset.defaults();
    check(preset.with(settings).objective());
    check(preset.with(varied(settings, Correction.NONE, 0.04, 0.01, 3)).objective());
  }

  @ParameterizedTest
  @EnumSource
  void correctionsAndAggregationsAgreeWithFiniteDifferences(Correction correction) {
    Settings settings = varied(Algorithms.REPO.defaults(), correction, 0, 0, 3);
    check(Algorithms.REPO.with(settings).objective());
    for (LossAggregation aggregation : LossAggregation.values()) {
      check(Algorithms.REPO.with(settings.aggregatedBy(aggregation)).objective());
    }
  }

  @Test
  void unknownPresetIsRefusedByName() {
    Assertions.assertThatThrownBy(() -> Label.parse(Algorithms.class, "ppo"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"ppo\"")
        .hasMessageContaining("repo, grpo, dr-grpo, dapo, gspo, luffy, sft, sft-rephrased");
  }

  @Test
  void shapedLossHasTheGoldenValues() {
    // f(p) = p / (p + .1): .01 -> 1/11, .1 -> 1/2, .5 -> 5/6, 1 -> 10/11; df/dlog p at .1 is 1/4
    double[] probabilities = {0.01, 0.1, 0.5, 1};
    double[] logProbs = new double[4];
    for (int t = 0; t < 4; t++) {
      logProbs[t] = Math.log(probabilities[t]);
    }
    RowLoss loss =
        new MixedPolicyLoss(new MixedPolicyLoss.Config(0.1))
            .compute(row(RowSource.TEACHER, 1, logProbs));
    double[] expected = {1.0 / 11, 0.5, 5.0 / 6, 10.0 / 11};
    for (int t = 0; t < 4; t++) {
      assertThat(loss.losses()[t]).isCloseTo(-expected[t], within(1e-12));
    }
    assertThat(loss.gradients()[1]).isCloseTo(-0.25, within(1e-12));
  }

  @Test
  void penaltyHasTheGoldenValues() {
    // exp(d) - d - 1 with d = l_ref - l
    KlPenalty kl = new KlPenalty(1, true);
    assertThat(kl.estimate(0, 0.1)).isCloseTo(0.00517092, within(1e-8));
    assertThat(kl.estimate(0, -0.1)).isCloseTo(0.00483742, within(1e-8));
    assertThat(kl.estimate(0, 2)).isCloseTo(4.389056, within(1e-6));
    assertThat(kl.estimate(0, 5)).isEqualTo(10);
    assertThat(kl.gradient(0, 5)).isZero();
  }

  @Test
  void ratioOfOneStillHasAGradient() {
    // x = 1: loss -A, gradient -A
    RowLoss loss =
        new ClippedRatioLoss(Settings.shared().clip())
            .compute(row(RowSource.ON_POLICY, 0.5, new double[] {-1, -2}));
    assertThat(loss.losses()).containsExactly(-0.5, -0.5);
    assertThat(loss.gradients()).containsExactly(-0.5, -0.5);
    assertThat(loss.clippedLow() + loss.clippedHigh()).isZero();
  }

  private static LossRow row(RowSource source, double advantage, double[] logProbs) {
    double[] mask = new double[logProbs.length];
    java.util.Arrays.fill(mask, 1);
    return new LossRow(source, advantage, logProbs, logProbs, new double[0], new double[0], mask);
  }

  private static Settings varied(
      Settings base, Correction correction, double kl, double entropy, double dualClip) {
    return new Settings(
        base.advantageEpsilon(),
        base.ddof(),
        base.epsilonLow(),
        base.epsilonHigh(),
        dualClip,
        correction,
        kl,
        base.klClamped(),
        entropy,
        base.aggregation());
  }

  private static void check(Objective objective) {
    for (LossRow row : rows()) {
      double[] entropies = numbers(99, row.logProbs().length, 0, 2);
      double[] gradients = objective.compute(row, entropies, SHAPE).gradients().logProbs();
      for (int t = 0; t < gradients.length; t++) {
        double up = objective.compute(moved(row, t, STEP), entropies, SHAPE).loss();
        double down = objective.compute(moved(row, t, -STEP), entropies, SHAPE).loss();
        assertThat(gradients[t])
            .as("%s advantage %s token %d", row.source(), row.advantage(), t)
            .isCloseTo((up - down) / (2 * STEP), within(1e-7));
      }
      double[] byEntropy = objective.compute(row, entropies, SHAPE).gradients().entropies();
      double before = objective.compute(row, entropies, SHAPE).loss();
      entropies[0] += 1;
      double after = objective.compute(row, entropies, SHAPE).loss();
      assertThat(byEntropy[0]).isCloseTo(after - before, within(1e-12));
    }
  }

  /** Rows of every source and both signs, a hole in each mask, ratios from 0.5 to 2. */
  private static List<LossRow> rows() {
    List<LossRow> rows = new ArrayList<>();
    for (RowSource source : RowSource.values()) {
      for (double advantage : new double[] {1.3, -0.7}) {
        int seed = rows.size() * 10;
        double[] logProbs = numbers(seed, 8, -3, -0.1);
        double[] old = plus(logProbs, numbers(seed + 1, 8, -0.7, 0.7));
        double[] mask = {1, 1, 0, 1, 1, 1, 1, 1};
        rows.add(
            new LossRow(
                source,
                advantage,
                logProbs,
                old,
                plus(old, numbers(seed + 2, 8, -0.5, 0.5)),
                plus(logProbs, numbers(seed + 3, 8, -0.4, 0.4)),
                mask));
      }
    }
    return rows;
  }

  private static LossRow moved(LossRow row, int token, double by) {
    double[] logProbs = row.logProbs().clone();
    logProbs[token] += by;
    return new LossRow(
        row.source(),
        row.advantage(),
        logProbs,
        row.oldLogProbs(),
        row.behaviourLogProbs(),
        row.referenceLogProbs(),
        row.mask());
  }

  private static double[] numbers(int seed, int count, double from, double to) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = from + (to - from) * Seeds.uniform(seed, i);
    }
    return numbers;
  }

  private static double[] plus(double[] left, double[] right) {
    double[] sum = new double[left.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = left[i] + right[i];
    }
    return sum;
  }
}

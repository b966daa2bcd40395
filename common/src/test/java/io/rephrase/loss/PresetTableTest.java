package io.rephrase.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.data.Label;
import io.rephrase.guidance.GuidanceKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalogue is the method's table of presets, line by line. */
class PresetTableTest {

  /**
   * The advantage is that of the one success among four: with the sample deviation 1/2 it is .75 /
   * (.5 + 1e-6) = 1.499997, without a deviation .75. Imitation takes its 1 from the guidance.
   */
  @ParameterizedTest
  @CsvSource({
    "repo,          rephrased,         1.499997, ClippedRatioLoss,          .2,   .2,   token-mean",
    "grpo,          none,              1.499997, ClippedRatioLoss,          .2,   .2,   token-mean",
    "dr-grpo,       none,              .75,      ClippedRatioLoss,          .2,   .2,   constant-length",
    "dapo,          none,              1.499997, ClippedRatioLoss,          .2,   .28,  token-mean",
    "gspo,          none,              1.499997, SequenceRatioLoss,         3e-4, 4e-4, sequence-mean-token-mean",
    "luffy,         teacher-slot,      .75,      MixedPolicyLoss,           .2,   .2,   constant-only",
    "sft,           imitate-teacher,   1.499997, NegativeLogLikelihoodLoss, .2,   .2,   token-mean",
    "sft-rephrased, imitate-rephrased, 1.499997, NegativeLogLikelihoodLoss, .2,   .2,   token-mean",
    "grpo+nll,      teacher-beside,    1.499997, ClippedRatioWithNll,       .2,   .2,   token-mean",
  })
  void presetIsAsTheTableSays(
      String preset,
      String guidance,
      double advantage,
      String loss,
      double epsilonLow,
      double epsilonHigh,
      String aggregation) {
    Algorithms row = Label.parse(Algorithms.class, preset);
    Algorithm algorithm = row.with(row.defaults());
    assertThat(algorithm.guidance()).isEqualTo(Label.parse(GuidanceKind.class, guidance));
    assertThat(algorithm.advantage().estimate(new double[] {1, 0, 0, 0})[0])
        .isCloseTo(advantage, within(5e-7));
    assertThat(algorithm.objective().loss().getClass().getSimpleName()).isEqualTo(loss);
    assertThat(row.defaults().epsilonLow()).isEqualTo(epsilonLow);
    assertThat(row.defaults().epsilonHigh()).isEqualTo(epsilonHigh);
    assertThat(algorithm.objective().aggregation().label()).isEqualTo(aggregation);
  }

  @Test
  void noOtherPresetIsThere() {
    assertThat(Algorithms.values()).hasSize(9);
  }

  @Test
  void dapoAloneResamplesAndLuffyAloneHasAnEntropyBonus() {
    assertThat(Arrays.stream(Algorithms.values()).filter(Algorithms::resamples))
        .containsExactly(Algorithms.DAPO);
    for (Algorithms row : Algorithms.values()) {
      Algorithm.Settings settings = row.defaults();
      assertThat(settings.entropyCoefficient()).isEqualTo(row == Algorithms.LUFFY ? 0.001 : 0);
      assertThat(settings.klCoefficient()).isZero();
      assertThat(settings.dualClip()).isInfinite();
      assertThat(settings.correction()).isEqualTo(Correction.NONE);
    }
  }

  @Test
  void teacherAndRephrasingsAreNeededWhereTheTableNamesThem() {
    assertThat(labels(GuidanceKind::needsTeacher)).containsExactly("luffy", "sft", "grpo+nll");
    assertThat(labels(GuidanceKind::needsRephrasings)).containsExactly("repo", "sft-rephrased");
  }

  private static List<String> labels(java.util.function.Predicate<GuidanceKind> need) {
    return Arrays.stream(Algorithms.values())
        .filter(row -> need.test(row.guidance()))
        .map(Algorithms::label)
        .toList();
  }
}

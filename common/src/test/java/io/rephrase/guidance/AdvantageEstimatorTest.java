package io.rephrase.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdvantageEstimatorTest {

  /** Rewards of {@code successes} ones and the rest zeros. */
  private static double[] group(int size, int successes) {
    return DoubleStream.iterate(0, i -> i + 1)
        .limit(size)
        .map(i -> i < successes ? 1 : 0)
        .toArray();
  }

  private static AdvantageEstimator normalized(double epsilon, int ddof) {
    return new GroupNormalizedAdvantage(new GroupNormalizedAdvantage.Config(epsilon, ddof));
  }

  @ParameterizedTest
  @CsvSource({
    // G, k, epsilon, ddof, A of a success, A of a failure
    "4, 1, 1e-6, 1, 1.499997, -0.499999",
    "4, 1, 1e-4, 1, 1.499700, -0.499900",
    "4, 1, 1e-6, 0, 1.732047, -0.577349",
    "8, 1, 1e-6, 1, 2.474867, -0.353552",
    "8, 1, 1e-4, 1, 2.474174, -0.353453",
    "8, 1, 1e-6, 0, 2.645743, -0.377963",
    "8, 2, 1e-6, 1, 1.620182, -0.540061",
    "8, 2, 1e-4, 1, 1.619835, -0.539945",
    "16, 1, 1e-6, 1, 3.749985, -0.249999",
    "16, 1, 1e-4, 1, 3.748501, -0.249900",
    "16, 1, 1e-6, 0, 3.872967, -0.258198",
  })
  void successesStandOutByTheGoldenValues(
      int size, int successes, double epsilon, int ddof, double success, double failure) {
    double[] advantages = normalized(epsilon, ddof).estimate(group(size, successes));
    assertThat(advantages[0]).isCloseTo(success, within(1e-5));
    assertThat(advantages[size - 1]).isCloseTo(failure, within(1e-5));
  }

  @Test
  void meanCentredAdvantagesKeepTheRewardsScale() {
    // mean 1/8: 7/8 for the success, -1/8 for each failure
    double[] advantages = new MeanCentredAdvantage().estimate(group(8, 1));
    assertThat(advantages[0]).isEqualTo(0.875);
    assertThat(advantages[7]).isEqualTo(-0.125);
  }

  @Test
  void equalRewardsTeachNothing() {
    assertThat(normalized(1e-6, 1).estimate(group(8, 0))).containsOnly(0.0);
    assertThat(normalized(1e-6, 1).estimate(group(8, 8))).containsOnly(0.0);
  }

  @Test
  void memberWithoutARewardIsLeftOutOfTheStatistics() {
    // over {1, 0}: mean 1/2, sample std sqrt(1/2): (1/2)/sqrt(1/2) = 0.70710...
    double[] advantages = normalized(1e-6, 1).estimate(new double[] {1, Double.NaN, 0});
    assertThat(advantages[0]).isCloseTo(Math.sqrt(0.5), within(1e-5));
    assertThat(advantages[1]).isZero();
    assertThat(advantages[2]).isCloseTo(-Math.sqrt(0.5), within(1e-5));
  }

  @Test
  void loneRewardedMemberHasNothingToBeComparedWith() {
    assertThat(normalized(1e-6, 1).estimate(new double[] {1, Double.NaN})).containsOnly(0.0);
    assertThat(new MeanCentredAdvantage().estimate(new double[] {1})).containsOnly(0.0);
  }
}

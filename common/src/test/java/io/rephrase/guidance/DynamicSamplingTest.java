package io.rephrase.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DynamicSamplingTest {

  private static final double NONE = Double.NaN;

  @Test
  void groupsWithVarianceAreKept() {
    assertThat(DynamicSampling.keeps(new double[] {0, 1, 0})).isTrue();
    assertThat(DynamicSampling.keeps(new double[] {0, 0, 0})).isFalse();
    assertThat(DynamicSampling.keeps(new double[] {1, 1})).isFalse();
    assertThat(DynamicSampling.keeps(new double[] {1, NONE})).isFalse();
    assertThat(DynamicSampling.keeps(new double[] {1, NONE, 0})).isTrue();
  }

  @Test
  void nextRoundDrawsWhatTheMissingGroupsWillTake() {
    DynamicSampling sampling = new DynamicSampling(32, 3);
    // half of 32 kept: the missing 16 take 32 more
    assertThat(sampling.nextDraw(1, 32, 16)).isEqualTo(32);
    // 24 of 32 kept: the missing 8 take 8 x 32 / 24 = 10.67, so 11
    assertThat(sampling.nextDraw(1, 32, 24)).isEqualTo(11);
    // 4 of 32 kept: the missing 28 would take 224; a round is never larger than the first
    assertThat(sampling.nextDraw(1, 32, 4)).isEqualTo(32);
    assertThat(sampling.nextDraw(2, 64, 0)).isEqualTo(32);
  }

  @Test
  void enoughGroupsOrSpentRoundsEndIt() {
    DynamicSampling sampling = new DynamicSampling(4, 3);
    assertThat(sampling.nextDraw(1, 4, 4)).isZero();
    assertThat(sampling.nextDraw(2, 8, 5)).isZero();
    assertThat(sampling.nextDraw(3, 12, 1)).isZero();
    assertThat(new DynamicSampling(4, 1).nextDraw(1, 4, 0)).isZero();
  }

  @Test
  void noRoundAtAllIsRefused() {
    assertThatThrownBy(() -> new DynamicSampling(4, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wantedGroups and maxRounds must be at least 1, got 4 and 0");
  }
}

package io.rephrase.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

  @Test
  void warmUpRisesInEqualSteps() {
    LearningRateSchedule schedule = schedule(LearningRateSchedule.Shape.CONSTANT);
    assertThat(schedule.at(0)).isEqualTo(0.25);
    assertThat(schedule.at(3)).isEqualTo(1);
    assertThat(schedule.at(1000)).isEqualTo(1);
  }

  @Test
  void fallingShapesReachZeroAtTheRunsEnd() {
    // 4 steps of warm-up, 8 of falling: half-way at step 8
    LearningRateSchedule linear = schedule(LearningRateSchedule.Shape.LINEAR);
    assertThat(linear.at(6)).isEqualTo(0.75);
    assertThat(linear.at(8)).isEqualTo(0.5);
    assertThat(linear.at(12)).isZero();
    assertThat(linear.at(20)).isZero();
    LearningRateSchedule cosine = schedule(LearningRateSchedule.Shape.COSINE);
    // (1 + cos(pi/4)) / 2
    assertThat(cosine.at(6)).isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-12));
    assertThat(cosine.at(8)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.at(12)).isCloseTo(0, within(1e-12));
  }

  @Test
  void runWithoutStepsIsRefused() {
    assertThatThrownBy(() -> new LearningRateSchedule(1, LearningRateSchedule.Shape.CONSTANT, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "peak and warmupSteps must be >= 0 and totalSteps at least 1, got 1.0, 0 and 0");
  }

  private static LearningRateSchedule schedule(LearningRateSchedule.Shape shape) {
    return new LearningRateSchedule(1, shape, 4, 12);
  }
}

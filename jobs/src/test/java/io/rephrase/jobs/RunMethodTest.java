package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.config.ConfigLoader;
import io.rephrase.guidance.DynamicSampling;
import io.rephrase.jobs.spark.RolloutPartitions.Slots;
import io.rephrase.loss.Algorithms;
import io.rephrase.loss.KlPenalty;
import io.rephrase.loss.LossAggregation;
import io.rephrase.training.LearningRateSchedule;
import io.rephrase.training.PolicyTrainer;
import io.rephrase.training.TruncatedHandling;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RunMethodTest {

  /** The line under the method's table of presets. */
  @ParameterizedTest
  @EnumSource
  void everyPresetSharesTheTrainersDefaults(Algorithms preset) {
    PolicyTrainer.Config trainer = method("algorithm.preset=" + preset.label()).trainer();
    assertThat(trainer.beta1()).isEqualTo(0.9);
    assertThat(trainer.beta2()).isEqualTo(0.999);
    assertThat(trainer.epsilon()).isEqualTo(1e-8);
    assertThat(trainer.weightDecay()).isZero();
    assertThat(trainer.maxGradientNorm()).isEqualTo(1.0);
    assertThat(trainer.schedule().shape()).isEqualTo(LearningRateSchedule.Shape.CONSTANT);
    assertThat(trainer.schedule().warmupSteps()).isZero();
    assertThat(trainer.truncated()).isEqualTo(TruncatedHandling.MASK);
    assertThat(trainer.objective().kl()).isEqualTo(new KlPenalty(0, true));
    // One optimizer step an iteration: twenty iterations are twenty steps.
    assertThat(trainer.schedule().totalSteps()).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({
    "repo,          hard-only, 0, 8",
    "grpo,          hard-only, 0, 8",
    "dapo,          hard-only, 0, 8",
    "luffy,         hard-only, 1, 7",
    "grpo+nll,      hard-only, 0, 8",
    "sft,           hard-only, 0, 0",
    "sft-rephrased, hard-only, 0, 8",
    "sft-rephrased, eager,     0, 0",
  })
  void rolloutsAreSampledWhereTheyAreComparedOrTheGateReadsThem(
      String preset, String when, int first, int count) {
    assertThat(method("algorithm.preset=" + preset, "rephrase.when=" + when).slots())
        .isEqualTo(new Slots(first, count));
  }

  @Test
  void dapoDrawsInRoundsAndNoOtherPresetDoes() {
    for (Algorithms preset : Algorithms.values()) {
      Optional<DynamicSampling> expected =
          preset == Algorithms.DAPO ? Optional.of(new DynamicSampling(32, 3)) : Optional.empty();
      assertThat(method("algorithm.preset=" + preset.label()).resampling()).isEqualTo(expected);
    }
  }

  @Test
  void expertsAreScoredWhereTheyAreTrainedOnOrTheConfigurationWantsIt() {
    assertThat(method("algorithm.preset=luffy").scoresTeacher()).isTrue();
    assertThat(method("algorithm.preset=repo").scoresTeacher()).isFalse();
    assertThat(method("algorithm.preset=repo", "rephrase.scoreKnowledge=true").scoresTeacher())
        .isTrue();
  }

  @Test
  void whereTwoImplementationsDifferASettingNamesWhatItDoes() {
    RunMethod trl = method("algorithm.aggregation=count-empty-rows", "algorithm.kl.clamped=false");
    assertThat(trl.algorithm().objective().aggregation())
        .isEqualTo(LossAggregation.COUNT_EMPTY_ROWS);
    assertThat(trl.algorithm().objective().kl()).isEqualTo(new KlPenalty(0, false));
    RunMethod verl = method("algorithm.aggregation=sequence-mean-token-mean-plus-epsilon");
    assertThat(verl.algorithm().objective().aggregation())
        .isEqualTo(LossAggregation.SEQUENCE_MEAN_TOKEN_MEAN_PLUS_EPSILON);
  }

  @Test
  void settingsThatDoNotGoTogetherAreRefused() {
    assertThatThrownBy(() -> method("algorithm.preset=luffy", "algorithm.correction.kind=ratio"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "algorithm.correction.kind = ratio corrects rephrasings among rollouts, and algorithm.preset = luffy has none; leave the correction out, or choose repo");
    assertThatThrownBy(
            () -> method("algorithm.preset=gspo", "algorithm.normalizer=learning-groups"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "algorithm.normalizer = learning-groups goes with aggregation token-mean, got sequence-mean-token-mean; set algorithm.normalizer = all, or another aggregation");
    assertThatThrownBy(
            () -> method("algorithm.normalizer=learning-groups", "algorithm.kl.coefficient=0.02"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "algorithm.normalizer = learning-groups leaves tokens uncounted that algorithm.kl.coefficient = 0.02 and algorithm.entropy.coefficient = 0.0 weigh; set algorithm.normalizer = all, or both to 0");
  }

  private static RunMethod method(String... words) {
    return RunMethod.of(new ConfigLoader().words(java.util.List.of(words)).load().config());
  }
}

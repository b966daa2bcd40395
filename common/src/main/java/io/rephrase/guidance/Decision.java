package io.rephrase.guidance;

import io.rephrase.data.GuidanceSource;
import java.util.OptionalInt;

/**
 * What was decided for one group.
 *
 * @param reading of the gate, before substitution
 * @param source what was substituted
 * @param attempt of the rephrasing used
 * @param substitutedIndex of the rollout replaced
 * @param reason why
 * @param rewardsAfter of the final group; NaN where there is none
 * @param advantages of the final group
 * @param zeroVariance whether the final rewards are all equal
 * @param skipped whether fewer than two members have a reward
 */
public record Decision(
    GroupGate.Reading reading,
    GuidanceSource source,
    OptionalInt attempt,
    OptionalInt substitutedIndex,
    GuidanceReason reason,
    double[] rewardsAfter,
    double[] advantages,
    boolean zeroVariance,
    boolean skipped) {

  /** The group as it was sampled. */
  static Decision unchanged(
      GroupGate.Reading reading,
      double[] rewards,
      GuidanceReason reason,
      AdvantageEstimator estimator) {
    boolean skipped = reading.rewarded() < 2;
    return new Decision(
        reading,
        GuidanceSource.NONE,
        OptionalInt.empty(),
        OptionalInt.empty(),
        skipped ? GuidanceReason.TOO_FEW_REWARDS : reason,
        rewards.clone(),
        estimator.estimate(rewards),
        GroupStatistics.zeroVariance(rewards),
        skipped);
  }
}

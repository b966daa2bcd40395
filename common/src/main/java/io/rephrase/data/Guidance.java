package io.rephrase.data;

import java.util.Optional;

/**
 * The decision for one group: a row of {@code guidance}. Small: it never repeats tokens.
 *
 * @param runId the run
 * @param iteration from 0
 * @param policyVersion of the iteration
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param round of the group decided on
 * @param position of the prompt in the iteration
 * @param failureRate gamma: share of rewarded rollouts with a reward below delta, before any
 *     substitution; NaN where no rollout has a reward
 * @param rewardedRollouts how many rollouts have a reward
 * @param hard whether gamma reached rho
 * @param source what was substituted
 * @param attemptIndex of the rephrasing used
 * @param substitutedIndex sample index of the rollout replaced
 * @param zeroVariance whether all final rewards are equal, so that the group teaches nothing
 * @param skipped whether fewer than two members have a reward, so that the group is left out
 * @param reason why the group is as it is, one of a fixed list of words
 * @param verdictsUsed {@code inline}, or the later grading that overrode it
 * @param rewards of the sampled rollouts by sample index; NaN where there is none
 * @param rewardsAfter after substitution
 * @param advantages of the final group's members
 */
public record Guidance(
    String runId,
    int iteration,
    int policyVersion,
    String dataset,
    String promptId,
    int round,
    int position,
    double failureRate,
    int rewardedRollouts,
    boolean hard,
    GuidanceSource source,
    Optional<Integer> attemptIndex,
    Optional<Integer> substitutedIndex,
    boolean zeroVariance,
    boolean skipped,
    String reason,
    String verdictsUsed,
    double[] rewards,
    double[] rewardsAfter,
    double[] advantages) {
  public Guidance {
    Checks.notBlank("runId", runId);
    Checks.notBlank("reason", reason);
    Checks.sameLength("rewards", rewards.length, "rewardsAfter", rewardsAfter.length);
    Checks.sameLength("rewards", rewards.length, "advantages", advantages.length);
    if ((source == GuidanceSource.NONE) != substitutedIndex.isEmpty()) {
      throw new IllegalArgumentException(
          "source %s with substitutedIndex %s: something replaces a rollout, or nothing does"
              .formatted(source.label(), substitutedIndex));
    }
  }
}

package io.rephrase.jobs;

import io.rephrase.data.FinishReason;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a decision needs of a row of {@code rollout_groups}: no text, no tokens. Its components are
 * the columns that are read.
 *
 * @param policyVersion that sampled it
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param round of dynamic sampling
 * @param position in the iteration
 * @param kept whether the group is trained on
 * @param rollouts by sample index
 */
public record GroupOutcome(
    int policyVersion,
    String dataset,
    String promptId,
    int round,
    int position,
    boolean kept,
    List<Outcome> rollouts) {

  public GroupOutcome {
    rollouts = List.copyOf(rollouts);
  }

  /**
   * Of one rollout.
   *
   * @param sampleIndex in the group
   * @param finishReason how it ended
   * @param reward empty where there is none
   */
  public record Outcome(int sampleIndex, FinishReason finishReason, Optional<Double> reward) {}

  /** The same group with other rewards. */
  GroupOutcome with(Function<Outcome, Optional<Double>> reward) {
    return new GroupOutcome(
        policyVersion,
        dataset,
        promptId,
        round,
        position,
        kept,
        rollouts.stream()
            .map(one -> new Outcome(one.sampleIndex(), one.finishReason(), reward.apply(one)))
            .toList());
  }

  /**
   * By sample index; NaN where there is none, an index that was not sampled among them. A group has
   * at least one slot.
   */
  double[] rewards() {
    double[] rewards =
        new double[rollouts.stream().mapToInt(r -> r.sampleIndex() + 1).max().orElse(1)];
    Arrays.fill(rewards, Double.NaN);
    rollouts.forEach(r -> rewards[r.sampleIndex()] = r.reward().orElse(Double.NaN));
    return rewards;
  }
}

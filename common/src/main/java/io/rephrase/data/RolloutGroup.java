package io.rephrase.data;

import java.util.List;
import java.util.Optional;

/**
 * One prompt's rollouts: a row of {@code rollout_groups}.
 *
 * @param runId the run
 * @param iteration from 0
 * @param policyVersion that sampled; equals {@code iteration} in a normal run
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param round of dynamic sampling, from 0
 * @param position in the iteration's seeded order, from 0; later rounds count on
 * @param kept whether the group goes to training (dynamic sampling drops some)
 * @param difficulty of the prompt
 * @param promptTokenIds the rendered question prompt, as the policy saw it
 * @param rollouts those sampled, by sample index: G of them, without slot 0 where the expert's
 *     solution stands there, none where nothing is compared
 */
public record RolloutGroup(
    String runId,
    int iteration,
    int policyVersion,
    String dataset,
    String promptId,
    int round,
    int position,
    boolean kept,
    Optional<Double> difficulty,
    int[] promptTokenIds,
    List<Rollout> rollouts) {
  public RolloutGroup {
    Checks.notBlank("runId", runId);
    Checks.notNegative("iteration", iteration);
    Checks.notNegative("position", position);
    rollouts = List.copyOf(rollouts);
  }

  /** Rewards by sample index; NaN where a rollout has none. */
  public double[] rewards() {
    return rollouts.stream().mapToDouble(r -> r.reward().orElse(Double.NaN)).toArray();
  }
}

package io.rephrase.jobs;

import io.rephrase.data.SampledGroup;
import io.rephrase.data.SampledGroup.Completion;

/**
 * Sums over the sampled rollouts of one optimizer step, taken while they are read, so that their
 * log-probs need not stay in memory. NaN where there is nothing to divide by. Not thread-safe.
 */
final class SampledTotals {

  private double surprisalSum;
  private long tokens;
  private long rollouts;
  private long truncated;

  /** Takes up a group; groups come in the order of their positions. */
  void add(SampledGroup group) {
    for (Completion rollout : group.rollouts()) {
      for (float logProb : rollout.logProbs()) {
        surprisalSum -= logProb;
      }
      tokens += rollout.tokenIds().length;
      rollouts++;
      truncated += rollout.truncated() ? 1 : 0;
    }
  }

  /** Mean over tokens, not over rollouts, of the negative log-prob, nats. */
  double surprisal() {
    return tokens == 0 ? Double.NaN : surprisalSum / tokens;
  }

  /** Tokens of a rollout. */
  double meanLength() {
    return rollouts == 0 ? Double.NaN : (double) tokens / rollouts;
  }

  /** Share of rollouts that did not end by themselves. */
  double truncatedShare() {
    return rollouts == 0 ? Double.NaN : (double) truncated / rollouts;
  }
}

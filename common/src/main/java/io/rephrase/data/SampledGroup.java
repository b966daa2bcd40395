package io.rephrase.data;

import java.util.List;

/**
 * What the trainer needs of a {@link RolloutGroup}: ids and log-probs, no text. Its components are
 * the columns that are read.
 *
 * @param iteration from 0
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param position in the iteration
 * @param kept whether the group goes to training
 * @param promptTokenIds the rendered question prompt
 * @param rollouts those sampled, by sample index
 */
public record SampledGroup(
    int iteration,
    String dataset,
    String promptId,
    int position,
    boolean kept,
    int[] promptTokenIds,
    List<Completion> rollouts) {
  public SampledGroup {
    rollouts = List.copyOf(rollouts);
  }

  /**
   * Of one rollout.
   *
   * @param sampleIndex in the group
   * @param finishReason how it ended
   * @param tokenIds sampled ids, the end-of-sequence id included
   * @param logProbs of each id as it was sampled, nats
   */
  public record Completion(
      int sampleIndex, FinishReason finishReason, int[] tokenIds, float[] logProbs) {
    public Completion {
      Checks.sameLength("tokenIds", tokenIds.length, "logProbs", logProbs.length);
    }

    /** Whether it ended otherwise than by an end-of-sequence token. */
    public boolean truncated() {
      return finishReason != FinishReason.EOS;
    }
  }
}

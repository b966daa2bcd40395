package io.rephrase.data;

/**
 * One completion as the trainer takes it: a member of a final group.
 *
 * @param position of its group in the iteration
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param sampleIndex in the group
 * @param source {@code none} where it was sampled under the bare question, else what it is
 * @param truncated whether it did not end by itself
 * @param reward after substitution; NaN where it is compared with nothing: masked, unless it is
 *     imitated, which its advantage says
 * @param advantage in the final group; 1 for what is imitated
 * @param promptIds the bare question as ids
 * @param completionIds the end included
 * @param behaviourLogProbs mu, for an o_rep; empty for others
 */
public record TrainingSample(
    int position,
    String dataset,
    String promptId,
    int sampleIndex,
    GuidanceSource source,
    boolean truncated,
    double reward,
    double advantage,
    int[] promptIds,
    int[] completionIds,
    float[] behaviourLogProbs) {
  public TrainingSample {
    if (behaviourLogProbs.length > 0) {
      Checks.sameLength(
          "behaviourLogProbs", behaviourLogProbs.length, "completionIds", completionIds.length);
    }
  }
}

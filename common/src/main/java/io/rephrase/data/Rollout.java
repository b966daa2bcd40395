package io.rephrase.data;

import java.util.Optional;

/**
 * One sampled completion of a bare question, with its verdict. A struct inside {@link
 * RolloutGroup}.
 *
 * @param sampleIndex 0 to G-1
 * @param seed of this sample, see {@link Seeds}
 * @param finishReason why it ended
 * @param reward of the inline verdict; empty where there is none
 * @param extracted answer found by the verifier
 * @param rule the verifier's rule that decided; empty where nothing was verified
 * @param status the verdict's status; empty where nothing was verified
 * @param error what the engine said, if it failed
 * @param latencyMs from admission to the last token
 * @param judgeAnswer what a judge said, or why it said nothing; empty where none was asked
 * @param text decoded completion, without the end-of-sequence token
 * @param tokenIds sampled ids, the end-of-sequence id included
 * @param logProbs of each id under the full softmax at the sampling temperature, nats
 */
public record Rollout(
    int sampleIndex,
    long seed,
    FinishReason finishReason,
    Optional<Double> reward,
    Optional<String> extracted,
    Optional<String> rule,
    Optional<VerdictStatus> status,
    Optional<String> error,
    long latencyMs,
    Optional<String> judgeAnswer,
    String text,
    int[] tokenIds,
    float[] logProbs) {
  public Rollout {
    Checks.notNegative("sampleIndex", sampleIndex);
    Checks.sameLength("tokenIds", tokenIds.length, "logProbs", logProbs.length);
  }
}

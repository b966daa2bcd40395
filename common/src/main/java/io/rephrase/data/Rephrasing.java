package io.rephrase.data;

import java.util.Optional;

/**
 * One attempt at an o_rep: a row of {@code rephrasings}. The final ids are one contiguous run
 * [{@code spanStart}, {@code spanEnd}) of the sampled ones, with the turn's end-of-sequence id
 * appended where the tail was cut.
 *
 * @param runId the run
 * @param iteration from 0
 * @param policyVersion of the iteration
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param attempt from 0
 * @param position of the prompt in the iteration
 * @param samplerPolicyVersion the policy that sampled it: the iteration's, or 0 for {@code
 *     rephrase.policy = initial}
 * @param seed of this attempt
 * @param finishReason why sampling ended
 * @param reward of the verdict on the final text
 * @param extracted answer found by the verifier
 * @param rule the verifier's rule that decided
 * @param status the verdict's status
 * @param accepted whether GuidanceJob may use it
 * @param rejectReason why not
 * @param copyShare share of its word 8-grams that stand in k, in [0, 1]
 * @param longestCommonRun longest run of words it has in common with k
 * @param reasoningShare share of k's intermediate numbers found in it; empty where k has fewer than
 *     two
 * @param spanStart first sampled token kept
 * @param spanEnd one past the last sampled token kept
 * @param error what the engine said, if it failed
 * @param latencyMs from admission to the last token
 * @param judgeAnswer what a judge said, or why it said nothing; empty where none was asked
 * @param text the final ids decoded, without the end-of-sequence token
 * @param rawText the sampled ids decoded
 * @param rawTokenIds as sampled
 * @param rawLogProbs of the sampled ids, nats
 * @param tokenIds the final ids, end-of-sequence id included
 * @param logProbsUnderPqk of the final ids after P(q,k), a full forward of the sampling policy: mu
 * @param logProbsUnderQ of the final ids after the bare q, likewise
 */
public record Rephrasing(
    String runId,
    int iteration,
    int policyVersion,
    String dataset,
    String promptId,
    int attempt,
    int position,
    int samplerPolicyVersion,
    long seed,
    FinishReason finishReason,
    Optional<Double> reward,
    Optional<String> extracted,
    Optional<String> rule,
    Optional<VerdictStatus> status,
    boolean accepted,
    Optional<RejectReason> rejectReason,
    Optional<Double> copyShare,
    Optional<Integer> longestCommonRun,
    Optional<Double> reasoningShare,
    int spanStart,
    int spanEnd,
    Optional<String> error,
    long latencyMs,
    Optional<String> judgeAnswer,
    String text,
    String rawText,
    int[] rawTokenIds,
    float[] rawLogProbs,
    int[] tokenIds,
    float[] logProbsUnderPqk,
    float[] logProbsUnderQ) {
  public Rephrasing {
    Checks.notBlank("runId", runId);
    Checks.notNegative("attempt", attempt);
    if (accepted == rejectReason.isPresent()) {
      throw new IllegalArgumentException(
          "a rephrasing is accepted or has a reason, got accepted=%s reason=%s"
              .formatted(accepted, rejectReason));
    }
    Checks.sameLength("rawTokenIds", rawTokenIds.length, "rawLogProbs", rawLogProbs.length);
    Checks.sameLength(
        "logProbsUnderPqk", logProbsUnderPqk.length, "logProbsUnderQ", logProbsUnderQ.length);
    if (accepted) {
      Checks.sameLength("tokenIds", tokenIds.length, "logProbsUnderQ", logProbsUnderQ.length);
    }
  }
}

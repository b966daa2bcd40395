package io.rephrase.data;

import java.time.Instant;
import java.util.Optional;

/**
 * A later grading of a stored answer: a row of {@code verdicts}. It overrides the inline verdict.
 *
 * @param runId the run whose answer it is
 * @param iteration of the answer
 * @param policyVersion that gave the answer
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param round of the group, for a rollout; 0 otherwise
 * @param target which answer: {@code rollout/<sample index>}, {@code rephrasing/<attempt>} or
 *     {@code knowledge}
 * @param verifier that graded
 * @param version of the verifier
 * @param at when
 * @param reward in [0, 1]; empty where nothing could be scored
 * @param extracted answer found
 * @param rule that decided
 * @param status how the reward came about
 * @param judgeAnswer what a judge said, or why it said nothing; empty where none was asked
 */
public record LaterVerdict(
    String runId,
    int iteration,
    int policyVersion,
    String dataset,
    String promptId,
    int round,
    String target,
    String verifier,
    String version,
    Instant at,
    Optional<Double> reward,
    Optional<String> extracted,
    String rule,
    VerdictStatus status,
    Optional<String> judgeAnswer) {
  public LaterVerdict {
    Checks.notBlank("runId", runId);
    Checks.notNegative("iteration", iteration);
    Checks.notBlank("target", target);
    Checks.notBlank("verifier", verifier);
    if (reward.isPresent() && !(reward.get() >= 0 && reward.get() <= 1)) {
      throw new IllegalArgumentException("reward must be in [0, 1], got " + reward.get());
    }
  }
}

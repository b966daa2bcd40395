package io.rephrase.jobs;

import io.rephrase.data.FinishReason;
import io.rephrase.data.RejectReason;
import io.rephrase.guidance.Candidate;
import java.util.Optional;

/**
 * What a decision needs of a row of {@code rephrasings}: no text. Its components are the columns
 * that are read.
 *
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param attempt from 0
 * @param position in the iteration
 * @param finishReason how it ended
 * @param reward empty where there is none
 * @param accepted whether it may be used
 * @param rejectReason why it may not
 * @param tokenIds of o_rep
 * @param logProbsUnderPqk of its tokens after P(q,k); empty where it was not scored
 * @param logProbsUnderQ of its tokens after the bare q; empty where it was not scored
 */
public record AttemptOutcome(
    String dataset,
    String promptId,
    int attempt,
    int position,
    FinishReason finishReason,
    Optional<Double> reward,
    boolean accepted,
    Optional<RejectReason> rejectReason,
    int[] tokenIds,
    float[] logProbsUnderPqk,
    float[] logProbsUnderQ) {

  /**
   * The same once it is judged: where only the verdict was missing, and it was scored, a reward of
   * {@code delta} or more lets it be used.
   */
  AttemptOutcome judged(double later, double delta) {
    boolean missing = rejectReason.filter(RejectReason.NO_VERDICT::equals).isPresent();
    boolean right = missing && later >= delta && logProbsUnderQ.length > 0;
    return new AttemptOutcome(
        dataset,
        promptId,
        attempt,
        position,
        finishReason,
        Optional.of(later),
        accepted || right,
        right ? Optional.empty() : rejectReason,
        tokenIds,
        logProbsUnderPqk,
        logProbsUnderQ);
  }

  Candidate candidate() {
    double underQ = mean(logProbsUnderQ);
    return new Candidate(
        attempt,
        accepted,
        reward.orElse(Double.NaN),
        tokenIds.length,
        underQ,
        underQ - mean(logProbsUnderPqk));
  }

  static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return values.length == 0 ? Double.NaN : sum / values.length;
  }
}

package io.rephrase.jobs;

import io.rephrase.data.RejectReason;
import io.rephrase.guidance.Candidate;
import java.util.Optional;

/**
 * What a decision needs of a row of {@code teacher_scores}: no tokens. Its components are the
 * columns that are read.
 *
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param position in the iteration
 * @param reward empty where there is none
 * @param rejectReason why it cannot be trained on
 * @param logProbsUnderQ of its tokens after the bare q
 */
public record ExpertOutcome(
    String dataset,
    String promptId,
    int position,
    Optional<Double> reward,
    Optional<RejectReason> rejectReason,
    float[] logProbsUnderQ) {

  /** The same once it is judged. */
  ExpertOutcome judged(double later) {
    return new ExpertOutcome(
        dataset, promptId, position, Optional.of(later), rejectReason, logProbsUnderQ);
  }

  /** The one solution of the prompt: no attempt, and never sampled under P(q,k). */
  Candidate candidate() {
    return new Candidate(
        0,
        reward.isPresent(),
        reward.orElse(Double.NaN),
        logProbsUnderQ.length,
        AttemptOutcome.mean(logProbsUnderQ),
        Double.NaN);
  }
}

package io.rephrase.data;

import java.util.Optional;

/**
 * The expert's solution k as the assistant's turn, scored under the bare question: a row of {@code
 * teacher_scores}.
 *
 * @param runId the run
 * @param iteration from 0
 * @param policyVersion that scored
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param position of the prompt in the iteration
 * @param reward of the verdict on k, by the prompt's own verifier; empty where it has none
 * @param extracted answer found in k
 * @param rule the verifier's rule that decided
 * @param status the verdict's status
 * @param rejectReason why k cannot be trained on; it is never cut
 * @param judgeAnswer what a judge said, or why it said nothing; empty where none was asked
 * @param knowledgeTokenIds k, the end of the turn included
 * @param logProbsUnderQ of each id after q, nats; none where k cannot be trained on
 */
public record TeacherScore(
    String runId,
    int iteration,
    int policyVersion,
    String dataset,
    String promptId,
    int position,
    Optional<Double> reward,
    Optional<String> extracted,
    Optional<String> rule,
    Optional<VerdictStatus> status,
    Optional<RejectReason> rejectReason,
    Optional<String> judgeAnswer,
    int[] knowledgeTokenIds,
    float[] logProbsUnderQ) {
  public TeacherScore {
    Checks.notBlank("runId", runId);
    Checks.notNegative("iteration", iteration);
    Checks.notNegative("position", position);
    Checks.sameLength(
        "scored knowledgeTokenIds",
        rejectReason.isPresent() ? 0 : knowledgeTokenIds.length,
        "logProbsUnderQ",
        logProbsUnderQ.length);
  }
}

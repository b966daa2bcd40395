package io.rephrase.data;

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
 * @param knowledgeTokenIds k, end-of-sequence id included
 * @param logProbsUnderQ of each id after q, nats
 */
public record TeacherScore(
    String runId,
    int iteration,
    int policyVersion,
    String dataset,
    String promptId,
    int position,
    int[] knowledgeTokenIds,
    float[] logProbsUnderQ) {
  public TeacherScore {
    Checks.notBlank("runId", runId);
    Checks.notNegative("iteration", iteration);
    Checks.notNegative("position", position);
    Checks.sameLength(
        "knowledgeTokenIds", knowledgeTokenIds.length, "logProbsUnderQ", logProbsUnderQ.length);
  }
}

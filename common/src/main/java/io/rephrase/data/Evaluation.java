package io.rephrase.data;

import java.util.Optional;

/**
 * One graded answer of one benchmark problem by one policy version: a row of {@code evaluations}.
 *
 * @param runId the run
 * @param policyVersion evaluated
 * @param benchmark name in the configuration
 * @param dataset with {@code promptId} the problem's key
 * @param promptId the problem
 * @param decodingHash of decoding settings and template
 * @param sampleIndex from 0
 * @param position in the benchmark's fixed order
 * @param seed of the sample
 * @param difficulty of the problem
 * @param subject of the problem
 * @param finishReason why the answer ended
 * @param reward of the verdict
 * @param extracted answer found
 * @param answerCluster the sample of the problem that was the first with an equal answer; empty
 *     without an answer
 * @param rule the verifier's rule that decided
 * @param status the verdict's status
 * @param completionTokens length, end-of-sequence included
 * @param error what the engine said, if it failed
 * @param latencyMs from admission to the last token
 * @param judgeAnswer what a judge said, or why it said nothing; empty where none was asked
 * @param text the answer
 */
public record Evaluation(
    String runId,
    int policyVersion,
    String benchmark,
    String dataset,
    String promptId,
    String decodingHash,
    int sampleIndex,
    int position,
    long seed,
    Optional<Double> difficulty,
    Optional<String> subject,
    FinishReason finishReason,
    Optional<Double> reward,
    Optional<String> extracted,
    Optional<Integer> answerCluster,
    Optional<String> rule,
    Optional<VerdictStatus> status,
    int completionTokens,
    Optional<String> error,
    long latencyMs,
    Optional<String> judgeAnswer,
    String text) {
  public Evaluation {
    Checks.notBlank("runId", runId);
    Checks.notNegative("policyVersion", policyVersion);
    Checks.notBlank("benchmark", benchmark);
  }
}

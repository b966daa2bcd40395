package io.rephrase.data;

/**
 * One optimizer step with all its metrics: a row of {@code training_steps}. NaN is NULL in the
 * table: there was nothing to measure.
 *
 * @param runId the run
 * @param iteration from 0
 * @param policyVersion policy the step started from
 * @param step optimizer steps of the run before this one
 * @param learningRate of this step
 * @param skipped whether no update was made, because loss or gradient were not finite
 * @param loss of the step; NULL where not finite
 * @param gradientNorm global 2-norm before clipping; NULL where not finite
 * @param groups groups of the step
 * @param hardGroups groups whose failure rate reached rho
 * @param substitutedGroups groups in which something replaced a rollout
 * @param hardLearningBySubstitution hard groups that teach because something was substituted
 * @param hardLearningByLuck hard groups that teach as they were sampled
 * @param zeroVarianceGroups groups whose final rewards are all equal
 * @param skippedGroups groups left out: fewer than two rewards
 * @param rewardMean over sampled rollouts, in [0, 1]
 * @param rewardStd sample deviation over sampled rollouts
 * @param rewardMeanAfter over final groups, in [0, 1]
 * @param rewardStdAfter sample deviation over final groups
 * @param entropy mean over tokens in the loss, nats
 * @param klOld mean over tokens of the k3 estimate against the iteration's start, nats
 * @param klReference mean over tokens of the k3 estimate against the first policy, nats; NULL where
 *     none is computed
 * @param clipFractionLow share of tokens held at the lower bound
 * @param clipFractionHigh share of tokens held at the upper bound
 * @param completionTokens tokens of all completions of the step
 * @param onPolicyTokens tokens in the loss that were sampled under the bare question
 * @param substitutedTokens tokens in the loss that were substituted
 * @param lengthMean tokens a completion
 * @param lengthMeanSubstituted tokens a substituted completion
 * @param truncationRate share of completions that did not end by themselves
 * @param substitutedLogRatio mean over substituted tokens of l_old - mu, nats
 * @param substitutedPerplexityUnderQ exp of minus the mean of l_old over substituted tokens
 * @param substitutedPerplexityUnderPqk exp of minus the mean of mu over substituted tokens
 * @param effectiveSampleSize (sum w)^2 / (n sum w^2), w = exp(l_old - mu), over substituted tokens
 * @param seconds the step took
 * @param tokensPerSecond completion tokens of the step over its seconds
 */
public record StepMetrics(
    String runId,
    int iteration,
    int policyVersion,
    long step,
    double learningRate,
    boolean skipped,
    double loss,
    double gradientNorm,
    int groups,
    int hardGroups,
    int substitutedGroups,
    int hardLearningBySubstitution,
    int hardLearningByLuck,
    int zeroVarianceGroups,
    int skippedGroups,
    double rewardMean,
    double rewardStd,
    double rewardMeanAfter,
    double rewardStdAfter,
    double entropy,
    double klOld,
    double klReference,
    double clipFractionLow,
    double clipFractionHigh,
    long completionTokens,
    long onPolicyTokens,
    long substitutedTokens,
    double lengthMean,
    double lengthMeanSubstituted,
    double truncationRate,
    double substitutedLogRatio,
    double substitutedPerplexityUnderQ,
    double substitutedPerplexityUnderPqk,
    double effectiveSampleSize,
    double seconds,
    double tokensPerSecond) {
  public StepMetrics {
    Checks.notBlank("runId", runId);
    Checks.notNegative("iteration", iteration);
    Checks.notNegative("step", step);
  }
}

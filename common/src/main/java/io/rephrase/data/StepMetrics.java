package io.rephrase.data;

/**
 * One optimizer step with all its metrics: a row of {@code training_steps}. NaN is NULL in the
 * table: there was nothing to measure.
 *
 * <p>Three sets of tokens are told apart. <em>Sampled</em>: of all rollouts of the step's groups,
 * replaced ones included. <em>In the loss</em>: unmasked in final groups, zero-variance groups
 * included; the normaliser counts them. <em>Trained</em>: of them, those with a gradient, which had
 * a forward; while KL and entropy coefficients are 0, completions with advantage 0 have none.
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
 * @param surprisal minus the mean log-probability of sampled tokens when they were sampled, nats:
 *     the entropy of all groups, estimated without a forward (unless topP or topK cut the tail)
 * @param entropy mean over trained tokens sampled under the bare question, step's weights, nats
 * @param entropySubstituted mean over trained tokens that were substituted, step's weights, nats
 * @param klOld mean over trained tokens of the k3 estimate against the iteration's start, nats
 * @param klReference mean over trained tokens of the k3 estimate against the first policy, nats;
 *     NULL where none is computed
 * @param clipFractionLow share of trained tokens held at the lower bound
 * @param clipFractionHigh share of trained tokens held at the upper bound
 * @param completionTokens tokens of all completions of final groups
 * @param onPolicyTokens tokens in the loss that were sampled under the bare question
 * @param substitutedTokens tokens in the loss that were substituted
 * @param trainedTokens tokens with a gradient
 * @param lengthMean tokens a sampled rollout
 * @param lengthMeanSubstituted tokens a substituted completion
 * @param truncationRate share of sampled rollouts that did not end by themselves
 * @param substitutedLogRatio mean over trained o_rep tokens of l_old - mu, nats
 * @param substitutedPerplexityUnderQ exp of minus the mean of l_old over trained o_rep tokens
 * @param substitutedPerplexityUnderPqk exp of minus the mean of mu over trained o_rep tokens
 * @param effectiveSampleSize (sum w)^2 / (n sum w^2), w = exp(l_old - mu), over trained o_rep
 *     tokens
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
    double surprisal,
    double entropy,
    double entropySubstituted,
    double klOld,
    double klReference,
    double clipFractionLow,
    double clipFractionHigh,
    long completionTokens,
    long onPolicyTokens,
    long substitutedTokens,
    long trainedTokens,
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

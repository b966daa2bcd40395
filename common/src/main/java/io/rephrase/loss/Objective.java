package io.rephrase.loss;

import io.rephrase.model.TokenGradients;

/**
 * What an optimizer step minimises: the policy loss, plus the KL penalty, minus the entropy bonus,
 * all weighed by one aggregation. Immutable and thread-safe.
 *
 * @param loss of a completion
 * @param kl coefficient 0 needs no reference
 * @param entropyCoefficient of the bonus
 * @param aggregation over tokens
 */
public record Objective(
    PolicyLoss loss, KlPenalty kl, double entropyCoefficient, LossAggregation aggregation) {

  /**
   * One completion's part.
   *
   * @param loss its share of the step's loss
   * @param klEstimate sum over tokens of the k3 estimate; 0 without a reference
   * @param gradients of the step's loss with respect to its scores
   * @param row the policy loss before weighing
   */
  public record Output(double loss, double klEstimate, TokenGradients gradients, RowLoss row) {}

  /** Whether a completion with advantage 0 still has a gradient. */
  public boolean movesWithoutAdvantage() {
    return kl.coefficient() > 0 || entropyCoefficient != 0;
  }

  /**
   * Computes one completion's share of the step.
   *
   * @param entropies of its tokens under the current weights
   * @param step the whole optimizer step
   */
  public Output compute(LossRow row, double[] entropies, StepShape step) {
    double weight = aggregation.weight(row.maskedTokens(), step);
    RowLoss policy = loss.compute(row);
    int tokens = row.logProbs().length;
    double[] logProbGradients = new double[tokens];
    double[] entropyGradients = new double[tokens];
    double total = 0;
    double klSum = 0;
    for (int t = 0; t < tokens; t++) {
      double masked = weight * row.mask()[t];
      double klEstimate = klEstimate(row, t);
      klSum += row.mask()[t] * klEstimate;
      total += weight * policy.losses()[t];
      total += masked * (kl.coefficient() * klEstimate - entropyCoefficient * entropies[t]);
      logProbGradients[t] = weight * policy.gradients()[t] + masked * klGradient(row, t);
      entropyGradients[t] = -masked * entropyCoefficient;
    }
    TokenGradients gradients = new TokenGradients(logProbGradients, entropyGradients);
    return new Output(total, klSum, gradients, policy);
  }

  private double klEstimate(LossRow row, int t) {
    return row.referenceLogProbs().length == 0
        ? 0
        : kl.estimate(row.logProbs()[t], row.referenceLogProbs()[t]);
  }

  private double klGradient(LossRow row, int t) {
    return row.referenceLogProbs().length == 0
        ? 0
        : kl.coefficient() * kl.gradient(row.logProbs()[t], row.referenceLogProbs()[t]);
  }
}

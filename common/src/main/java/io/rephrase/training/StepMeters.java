package io.rephrase.training;

import io.rephrase.loss.LossRow;
import io.rephrase.loss.Objective;
import io.rephrase.loss.RowSource;
import java.util.List;

/**
 * Sums over the tokens of one optimizer step, from which its metrics follow. On-policy and
 * substituted tokens are counted apart. NaN where there is nothing to divide by. Not thread-safe.
 */
public final class StepMeters {

  private final long onPolicyTokens;
  private final long substitutedTokens;
  private double tokens;
  private double substituted;
  private double entropySum;
  private double substitutedEntropySum;
  private double klOldSum;
  private double klReferenceSum;
  private boolean referenceSeen;
  private long clippedLow;
  private long clippedHigh;
  private double behaviourTokens;
  private double logRatioSum;
  private double oldSum;
  private double behaviourSum;
  private double weightSum;
  private double squaredWeightSum;

  /**
   * @param inLoss all completions of the step, also those that need no forward
   */
  StepMeters(List<StepRows.Row> inLoss) {
    long onPolicy = 0;
    long other = 0;
    for (StepRows.Row row : inLoss) {
      int unmasked = row.inLoss() ? row.tokens() : 0;
      onPolicy += row.source() == RowSource.ON_POLICY ? unmasked : 0;
      other += row.source() == RowSource.ON_POLICY ? 0 : unmasked;
    }
    this.onPolicyTokens = onPolicy;
    this.substitutedTokens = other;
  }

  /** Takes up a completion that had its forward. */
  void add(LossRow row, double[] entropies, Objective.Output output) {
    double replaced = row.source() == RowSource.ON_POLICY ? 0 : 1;
    for (int t = 0; t < row.logProbs().length; t++) {
      double mask = row.mask()[t];
      double d = row.oldLogProbs()[t] - row.logProbs()[t];
      tokens += mask;
      substituted += replaced * mask;
      entropySum += (1 - replaced) * mask * entropies[t];
      substitutedEntropySum += replaced * mask * entropies[t];
      klOldSum += mask * (Math.exp(d) - d - 1);
      if (row.behaviourLogProbs().length > 0 && mask > 0) {
        addBehaviour(row.oldLogProbs()[t], row.behaviourLogProbs()[t]);
      }
    }
    referenceSeen |= row.referenceLogProbs().length > 0;
    klReferenceSum += output.klEstimate();
    clippedLow += output.row().clippedLow();
    clippedHigh += output.row().clippedHigh();
  }

  private void addBehaviour(double old, double behaviour) {
    double weight = Math.exp(old - behaviour);
    behaviourTokens++;
    oldSum += old;
    behaviourSum += behaviour;
    logRatioSum += old - behaviour;
    weightSum += weight;
    squaredWeightSum += weight * weight;
  }

  /** Mean entropy over trained tokens that were sampled under the bare question, nats. */
  public double entropy() {
    return entropySum / nanIfZero(tokens - substituted);
  }

  /** Mean entropy over trained tokens that were substituted, nats. */
  public double substitutedEntropy() {
    return substitutedEntropySum / nanIfZero(substituted);
  }

  /** Mean k3 estimate against the iteration's start, nats. */
  public double klOld() {
    return klOldSum / nanIfZero(tokens);
  }

  /** Mean k3 estimate against the reference, nats. */
  public double klReference() {
    return referenceSeen ? klReferenceSum / nanIfZero(tokens) : Double.NaN;
  }

  public double clipFractionLow() {
    return clippedLow / nanIfZero(tokens);
  }

  public double clipFractionHigh() {
    return clippedHigh / nanIfZero(tokens);
  }

  /** Tokens in the loss that were sampled under the bare question. */
  public long onPolicyTokens() {
    return onPolicyTokens;
  }

  /** Tokens in the loss that were substituted. */
  public long substitutedTokens() {
    return substitutedTokens;
  }

  /** Tokens with a gradient. */
  public long trainedTokens() {
    return Math.round(tokens);
  }

  /** Mean of l_old - mu over an o_rep's tokens, nats. */
  public double substitutedLogRatio() {
    return logRatioSum / nanIfZero(behaviourTokens);
  }

  public double substitutedPerplexityUnderQ() {
    return Math.exp(-oldSum / nanIfZero(behaviourTokens));
  }

  public double substitutedPerplexityUnderPqk() {
    return Math.exp(-behaviourSum / nanIfZero(behaviourTokens));
  }

  /** (sum w)^2 / (n sum w^2), w = exp(l_old - mu), over an o_rep's tokens. */
  public double effectiveSampleSize() {
    return weightSum * weightSum / nanIfZero(behaviourTokens * squaredWeightSum);
  }

  private static double nanIfZero(double count) {
    return count == 0 ? Double.NaN : count;
  }
}

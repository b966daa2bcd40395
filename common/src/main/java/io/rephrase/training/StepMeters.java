package io.rephrase.training;

import io.rephrase.loss.LossRow;
import io.rephrase.loss.Objective;
import io.rephrase.loss.RowSource;

/**
 * Sums over the tokens of one optimizer step, from which its metrics follow. On-policy and
 * substituted tokens are counted apart. NaN where there is nothing to divide by. Not thread-safe.
 */
public final class StepMeters {

  private double tokens;
  private double substitutedTokens;
  private double entropySum;
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

  void add(LossRow row, double[] entropies, Objective.Output output) {
    for (int t = 0; t < row.logProbs().length; t++) {
      double mask = row.mask()[t];
      double d = row.oldLogProbs()[t] - row.logProbs()[t];
      tokens += mask;
      entropySum += mask * entropies[t];
      klOldSum += mask * (Math.exp(d) - d - 1);
      substitutedTokens += row.source() == RowSource.ON_POLICY ? 0 : mask;
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

  /** Mean entropy over the tokens computed, nats. */
  public double entropy() {
    return entropySum / nanIfZero(tokens);
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

  /** Tokens computed that were sampled under the bare question. */
  public long onPolicyTokens() {
    return Math.round(tokens - substitutedTokens);
  }

  /** Tokens computed that were substituted. */
  public long substitutedTokens() {
    return Math.round(substitutedTokens);
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

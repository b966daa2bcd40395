package io.rephrase.loss;

/**
 * {@code -min(xA, clip(x, 1 - low, 1 + high) A)} with {@code x = exp(l - l_old)}: PPO's surrogate
 * as GRPO uses it (arXiv 2402.03300, eq. 3). With dual clip c, {@code min(loss, -cA)} where A < 0
 * (arXiv 1912.09729, eq. 5). Stateless and thread-safe.
 */
public final class ClippedRatioLoss implements PolicyLoss {

  /**
   * @param epsilonLow the ratio is clipped at 1 - epsilonLow
   * @param epsilonHigh the ratio is clipped at 1 + epsilonHigh
   * @param dualClip c; infinity is off
   * @param correction of the tokens of an o_rep
   */
  public record Config(
      double epsilonLow, double epsilonHigh, double dualClip, Correction correction) {
    public Config {
      if (!(epsilonLow >= 0 && epsilonLow < 1)) {
        throw new IllegalArgumentException("epsilonLow must be in [0, 1), got " + epsilonLow);
      }
      if (!(epsilonHigh >= 0)) {
        throw new IllegalArgumentException("epsilonHigh must be >= 0, got " + epsilonHigh);
      }
      if (!(dualClip > 1)) {
        throw new IllegalArgumentException(
            "dualClip must be > 1 (infinity is off), got " + dualClip);
      }
    }
  }

  private static final double SHAPING_GAMMA = 0.1;

  private final Config config;

  public ClippedRatioLoss(Config config) {
    this.config = config;
  }

  @Override
  public RowLoss compute(LossRow row) {
    Correction correction = correction(row);
    if (correction == Correction.SHAPED) {
      return MixedPolicyLoss.shaped(row, SHAPING_GAMMA);
    }
    int tokens = row.logProbs().length;
    double[] losses = new double[tokens];
    double[] gradients = new double[tokens];
    int low = 0;
    int high = 0;
    for (int t = 0; t < tokens; t++) {
      double old =
          correction == Correction.RATIO ? row.behaviourLogProbs()[t] : row.oldLogProbs()[t];
      double ratio = Math.exp(Ratios.clampedLog(row.logProbs()[t], old));
      double weight = row.mask()[t] * weight(correction, row, t);
      losses[t] = weight * surrogate(ratio, row.advantage());
      boolean constant = held(ratio, row.advantage()) || Ratios.clamped(row.logProbs()[t], old);
      gradients[t] = constant ? 0 : -weight * row.advantage() * ratio;
      low += counts(row, t) && row.advantage() < 0 && ratio < 1 - config.epsilonLow() ? 1 : 0;
      high += counts(row, t) && row.advantage() > 0 && ratio > 1 + config.epsilonHigh() ? 1 : 0;
    }
    return new RowLoss(losses, gradients, low, high);
  }

  private Correction correction(LossRow row) {
    boolean corrected = row.source() == RowSource.REPHRASED && row.behaviourLogProbs().length > 0;
    return corrected ? config.correction() : Correction.NONE;
  }

  private static double weight(Correction correction, LossRow row, int t) {
    return correction == Correction.DECOUPLED
        ? Math.min(
            Correction.MAX_WEIGHT, Math.exp(row.oldLogProbs()[t] - row.behaviourLogProbs()[t]))
        : 1;
  }

  private static boolean counts(LossRow row, int t) {
    return row.mask()[t] > 0;
  }

  private double surrogate(double ratio, double advantage) {
    double clipped = Math.max(1 - config.epsilonLow(), Math.min(1 + config.epsilonHigh(), ratio));
    double loss = Math.max(-ratio * advantage, -clipped * advantage);
    return advantage < 0 ? Math.min(loss, -config.dualClip() * advantage) : loss;
  }

  /** Whether the surrogate does not move with the ratio. */
  private boolean held(double ratio, double advantage) {
    if (advantage > 0) {
      return ratio > 1 + config.epsilonHigh();
    }
    return ratio < 1 - config.epsilonLow() || ratio > config.dualClip();
  }
}

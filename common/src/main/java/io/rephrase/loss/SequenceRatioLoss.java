package io.rephrase.loss;

import java.util.Arrays;

/**
 * GSPO (arXiv 2507.18071): one ratio for the whole answer, {@code s = exp(mean_t(l - l_old))},
 * clipped; every token carries the same loss, and the gradient flows through the mean. Stateless
 * and thread-safe.
 */
public final class SequenceRatioLoss implements PolicyLoss {

  /**
   * @param epsilonLow the ratio is clipped at 1 - epsilonLow; 3e-4 in the paper
   * @param epsilonHigh the ratio is clipped at 1 + epsilonHigh; 4e-4 in the paper
   */
  public record Config(double epsilonLow, double epsilonHigh) {
    public Config {
      if (!(epsilonLow >= 0 && epsilonLow < 1) || !(epsilonHigh >= 0)) {
        throw new IllegalArgumentException(
            "epsilonLow must be in [0, 1) and epsilonHigh >= 0, got %s and %s"
                .formatted(epsilonLow, epsilonHigh));
      }
    }
  }

  private final Config config;

  public SequenceRatioLoss(Config config) {
    this.config = config;
  }

  @Override
  public RowLoss compute(LossRow row) {
    int tokens = row.logProbs().length;
    double counted = row.maskedTokens();
    if (counted == 0) {
      return new RowLoss(new double[tokens], new double[tokens], 0, 0);
    }
    double logRatio = 0;
    for (int t = 0; t < tokens; t++) {
      logRatio += row.mask()[t] * (row.logProbs()[t] - row.oldLogProbs()[t]) / counted;
    }
    double ratio =
        Math.exp(Math.max(-Ratios.MAX_LOG_RATIO, Math.min(Ratios.MAX_LOG_RATIO, logRatio)));
    double clipped = Math.max(1 - config.epsilonLow(), Math.min(1 + config.epsilonHigh(), ratio));
    double advantage = row.advantage();
    double loss = Math.max(-ratio * advantage, -clipped * advantage);
    boolean high = advantage > 0 && ratio > 1 + config.epsilonHigh();
    boolean low = advantage < 0 && ratio < 1 - config.epsilonLow();
    boolean constant = high || low || Math.abs(logRatio) > Ratios.MAX_LOG_RATIO;
    double gradient = constant ? 0 : -ratio * advantage;
    return new RowLoss(
        Arrays.stream(row.mask()).map(mask -> mask * loss).toArray(),
        Arrays.stream(row.mask()).map(mask -> mask * gradient).toArray(),
        low ? (int) counted : 0,
        high ? (int) counted : 0);
  }
}

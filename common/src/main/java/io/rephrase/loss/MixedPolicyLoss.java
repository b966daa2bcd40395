package io.rephrase.loss;

/**
 * LUFFY (arXiv 2504.14945, its released training script): on-policy tokens {@code -xA} without
 * clipping; the expert's tokens {@code -A f(p)} with {@code f(p) = p / (p + gamma)}, as if the
 * behaviour probability were 1. Stateless and thread-safe.
 */
public final class MixedPolicyLoss implements PolicyLoss {

  /**
   * @param gamma of the shaping; 0.1 in the paper
   */
  public record Config(double gamma) {
    public Config {
      if (!(gamma > 0)) {
        throw new IllegalArgumentException("gamma must be positive, got " + gamma);
      }
    }
  }

  private final Config config;

  public MixedPolicyLoss(Config config) {
    this.config = config;
  }

  @Override
  public RowLoss compute(LossRow row) {
    return row.source() == RowSource.ON_POLICY ? unclipped(row) : shaped(row, config.gamma());
  }

  private static RowLoss unclipped(LossRow row) {
    int tokens = row.logProbs().length;
    double[] losses = new double[tokens];
    double[] gradients = new double[tokens];
    for (int t = 0; t < tokens; t++) {
      double ratio = Math.exp(Ratios.clampedLog(row.logProbs()[t], row.oldLogProbs()[t]));
      losses[t] = -row.mask()[t] * row.advantage() * ratio;
      boolean constant = Ratios.clamped(row.logProbs()[t], row.oldLogProbs()[t]);
      gradients[t] = constant ? 0 : losses[t];
    }
    return new RowLoss(losses, gradients, 0, 0);
  }

  static RowLoss shaped(LossRow row, double gamma) {
    int tokens = row.logProbs().length;
    double[] losses = new double[tokens];
    double[] gradients = new double[tokens];
    for (int t = 0; t < tokens; t++) {
      double probability = Math.exp(row.logProbs()[t]);
      double scale = -row.mask()[t] * row.advantage();
      losses[t] = scale * Ratios.shaped(probability, gamma);
      gradients[t] = scale * Ratios.shapedGradient(probability, gamma);
    }
    return new RowLoss(losses, gradients, 0, 0);
  }
}

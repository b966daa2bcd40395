package io.rephrase.guidance;

import java.util.Arrays;

/**
 * Group-relative advantage: {@code (r - mean) / (std + epsilon)}, DeepSeekMath (arXiv 2402.03300)
 * section 4.1. A group whose rewards are all equal gets zero everywhere: it teaches nothing.
 * Stateless and thread-safe.
 */
public final class GroupNormalizedAdvantage implements AdvantageEstimator {

  /**
   * @param epsilon added to the standard deviation; verl 1e-6, TRL 1e-4
   * @param ddof delta degrees of freedom: 1 sample, 0 population
   */
  public record Config(double epsilon, int ddof) {
    public Config {
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon must be positive, got " + epsilon);
      }
      if (ddof != 0 && ddof != 1) {
        throw new IllegalArgumentException("ddof must be 0 or 1, got " + ddof);
      }
    }
  }

  private final Config config;

  public GroupNormalizedAdvantage(Config config) {
    this.config = config;
  }

  @Override
  public double[] estimate(double[] rewards) {
    GroupStatistics group = GroupStatistics.of(rewards);
    if (group.count() < 2) {
      return new double[rewards.length];
    }
    double scale = group.standardDeviation(config.ddof()) + config.epsilon();
    return Arrays.stream(rewards)
        .map(reward -> Double.isNaN(reward) ? 0 : (reward - group.mean()) / scale)
        .toArray();
  }
}

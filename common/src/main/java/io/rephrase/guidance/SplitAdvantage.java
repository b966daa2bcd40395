package io.rephrase.guidance;

import java.util.Arrays;
import java.util.Set;

/**
 * LUFFY's second baseline (arXiv 2504.14945, its public {@code
 * compute_grpo_outcome_advantage_split}): mean and sample deviation over on-policy members only,
 * else the expert raises the bar its pupils are measured by. A deviation of 0 becomes 1; a single
 * on-policy member gives mean 0 and deviation 1. Stateless and thread-safe.
 */
public final class SplitAdvantage implements AdvantageEstimator {

  /** What deviations from the mean are divided by. */
  public enum Scale {
    /** Nothing: {@code r - mean}. */
    NONE,
    /** The sample standard deviation plus epsilon. */
    STANDARD_DEVIATION
  }

  /**
   * @param scale of the deviations from the mean
   * @param epsilon added to the standard deviation
   * @param offPolicy indices of the members that are not sampled from the policy
   */
  public record Config(Scale scale, double epsilon, Set<Integer> offPolicy) {
    public Config {
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon must be positive, got " + epsilon);
      }
      offPolicy = Set.copyOf(offPolicy);
      if (offPolicy.stream().anyMatch(index -> index < 0)) {
        throw new IllegalArgumentException(
            "offPolicy must hold indices of members from 0, got " + offPolicy);
      }
    }
  }

  private final Config config;

  public SplitAdvantage(Config config) {
    this.config = config;
  }

  @Override
  public double[] estimate(double[] rewards) {
    if (GroupStatistics.of(rewards).count() < 2) {
      return new double[rewards.length];
    }
    GroupStatistics onPolicy = GroupStatistics.of(onPolicy(rewards));
    double mean = onPolicy.count() < 2 ? 0 : onPolicy.mean();
    double scale = scale(onPolicy);
    return Arrays.stream(rewards)
        .map(reward -> Double.isNaN(reward) ? 0 : (reward - mean) / scale)
        .toArray();
  }

  private double[] onPolicy(double[] rewards) {
    double[] kept = rewards.clone();
    config.offPolicy().stream()
        .filter(index -> index < kept.length)
        .forEach(index -> kept[index] = Double.NaN);
    return kept;
  }

  private double scale(GroupStatistics onPolicy) {
    double deviation = onPolicy.count() < 2 ? 1 : onPolicy.standardDeviation(1);
    return switch (config.scale()) {
      case NONE -> 1;
      case STANDARD_DEVIATION -> (deviation == 0 ? 1 : deviation) + config.epsilon();
    };
  }
}

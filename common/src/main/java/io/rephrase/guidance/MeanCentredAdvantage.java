package io.rephrase.guidance;

import java.util.Arrays;

/**
 * {@code r - mean}: Dr. GRPO (arXiv 2503.20783), which finds that dividing by the deviation favours
 * questions that are nearly all right or nearly all wrong; LUFFY's released setting likewise.
 * Stateless and thread-safe.
 */
public final class MeanCentredAdvantage implements AdvantageEstimator {

  @Override
  public double[] estimate(double[] rewards) {
    GroupStatistics group = GroupStatistics.of(rewards);
    if (group.count() < 2) {
      return new double[rewards.length];
    }
    return Arrays.stream(rewards)
        .map(reward -> Double.isNaN(reward) ? 0 : reward - group.mean())
        .toArray();
  }
}

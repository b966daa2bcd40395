package io.rephrase.guidance;

import java.util.Arrays;

/**
 * Mean and deviation over a group's rewarded members.
 *
 * @param count rewarded members
 * @param mean of their rewards; 0 for none
 * @param squaredDeviations sum over them of (r - mean)^2
 */
record GroupStatistics(int count, double mean, double squaredDeviations) {

  static GroupStatistics of(double[] rewards) {
    double[] rewarded = Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).toArray();
    double mean = Arrays.stream(rewarded).average().orElse(0);
    double squares = Arrays.stream(rewarded).map(r -> (r - mean) * (r - mean)).sum();
    return new GroupStatistics(rewarded.length, mean, squares);
  }

  double standardDeviation(int ddof) {
    return count > ddof ? Math.sqrt(squaredDeviations / (count - ddof)) : 0;
  }

  /** Whether there is nothing to compare: no two rewards, or all of them equal. */
  static boolean zeroVariance(double[] rewards) {
    return Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).distinct().count() < 2;
  }
}

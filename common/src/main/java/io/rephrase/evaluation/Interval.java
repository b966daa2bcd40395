package io.rephrase.evaluation;

import io.rephrase.data.Seeds;
import java.util.Arrays;

/**
 * Where 95 % of the means lie that as many problems would give, drawn again with replacement from
 * those there are (percentile bootstrap, Efron 1979): what another choice of problems could have
 * said. The same values in the same order give the same interval.
 *
 * @param low end
 * @param high end
 */
public record Interval(double low, double high) {

  private static final int RESAMPLES = 2000;
  private static final double TAIL = 0.025;

  /**
   * Of the mean of {@code values}, one a problem.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Interval of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("an interval needs at least one value, got none");
    }
    double[] means = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      means[resample] = mean(values, Seeds.order(0, "bootstrap", resample));
    }
    Arrays.sort(means);
    int cut = (int) (TAIL * RESAMPLES);
    return new Interval(means[cut], means[RESAMPLES - 1 - cut]);
  }

  private static double mean(double[] values, long seed) {
    double sum = 0;
    for (int draw = 0; draw < values.length; draw++) {
      sum += values[(int) (Seeds.uniform(seed, draw) * values.length)];
    }
    return sum / values.length;
  }
}

package io.rephrase.jobs.experiment;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * A mean with its 95 % interval of Student's t.
 *
 * @param mean of {@code count} values; NaN of none
 * @param low end of the interval; empty with fewer than two values
 * @param high end of the interval
 * @param count of values
 */
public record Estimate(double mean, Optional<Double> low, Optional<Double> high, int count) {

  private static final double UPPER_TAIL = 0.975;

  /** Differences of accuracies that are equal but for rounding have less spread than this. */
  private static final double ROUNDING = 1e-12;

  /** Of independent values. */
  public static Estimate of(double... values) {
    int count = values.length;
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    if (count < 2) {
      return new Estimate(mean, Optional.empty(), Optional.empty(), count);
    }
    double half =
        new TDistribution(count - 1).inverseCumulativeProbability(UPPER_TAIL)
            * standardError(values, mean);
    return new Estimate(mean, Optional.of(mean - half), Optional.of(mean + half), count);
  }

  /** Two-sided p-value of "the mean is 0"; empty with fewer than two values or without spread. */
  static OptionalDouble pValue(double... values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double error = standardError(values, mean);
    if (values.length < 2 || error <= ROUNDING) {
      return OptionalDouble.empty();
    }
    double t = Math.abs(mean) / error;
    return OptionalDouble.of(2 * new TDistribution(values.length - 1).cumulativeProbability(-t));
  }

  private static double standardError(double[] values, double mean) {
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1) / values.length);
  }
}

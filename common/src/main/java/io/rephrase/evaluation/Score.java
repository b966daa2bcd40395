package io.rephrase.evaluation;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A benchmark's score by one metric.
 *
 * @param metric measured
 * @param value mean over problems, in [0, 1]
 * @param interval of the mean, 95 %
 * @param problems that have enough rewarded answers; the others are left out
 */
public record Score(Metric metric, double value, Interval interval, int problems) {

  /**
   * Over problems, each with its answers in order of their samples; empty where none has enough.
   */
  public static Optional<Score> of(Metric metric, Collection<List<GradedAnswer>> problems) {
    double[] values =
        problems.stream().mapToDouble(metric::of).filter(value -> !Double.isNaN(value)).toArray();
    if (values.length == 0) {
      return Optional.empty();
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return Optional.of(new Score(metric, sum / values.length, Interval.of(values), values.length));
  }

  /** Such as {@code pass@8 41.2 % [38.0, 44.3]}. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "%s %.1f %% [%.1f, %.1f]",
        metric.label(),
        100 * value,
        100 * interval.low(),
        100 * interval.high());
  }
}

package io.rephrase.jobs.experiment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an experiment shows. Written into its page and its JSON file as it stands.
 *
 * @param generatedAt when it was made
 * @param name of the experiment
 * @param methods the primary contrast's two first
 * @param seeds each pairs one run of every method
 * @param budgetTokens sampled tokens that runs are compared at; 0: their final policies
 * @param primary the one contrast it was made for
 * @param others of the primary method against every other one; exploratory
 * @param levels the final table
 * @param costs by method
 * @param learning accuracy by policy: one curve a method, benchmark and level
 * @param stability by iteration: one curve a method and metric
 * @param runs all of the grid, those without an end too
 */
public record Comparison(
    Instant generatedAt,
    String name,
    List<String> methods,
    List<Long> seeds,
    long budgetTokens,
    Contrast primary,
    List<Contrast> others,
    List<Level> levels,
    List<Cost> costs,
    List<Curve> learning,
    List<Curve> stability,
    List<Run> runs) {

  public Comparison {
    methods = List.copyOf(methods);
    seeds = List.copyOf(seeds);
    others = List.copyOf(others);
    levels = List.copyOf(levels);
    costs = List.copyOf(costs);
    learning = List.copyOf(learning);
    stability = List.copyOf(stability);
    runs = List.copyOf(runs);
  }

  /**
   * {@code method - against}, paired by seed.
   *
   * @param metric in words
   * @param difference mean over pairs
   * @param pValue two-sided, of a paired t-test; empty with fewer than two pairs
   * @param holm the same after Holm's correction over the exploratory contrasts; of the primary one
   *     empty
   * @param pairs every seed
   */
  public record Contrast(
      String method,
      String against,
      String metric,
      Estimate difference,
      Optional<Double> pValue,
      Optional<Double> holm,
      List<Pair> pairs) {
    public Contrast {
      pairs = List.copyOf(pairs);
    }

    Contrast corrected(double adjusted) {
      return new Contrast(
          method, against, metric, difference, pValue, Optional.of(adjusted), pairs);
    }
  }

  /** The two values of one seed. */
  public record Pair(long seed, double method, double against) {
    double difference() {
      return method - against;
    }
  }

  /**
   * A row of the final table.
   *
   * @param benchmark by name
   * @param difficulty level; empty: all problems
   * @param accuracies in order of the methods
   * @param difference of the primary contrast's methods, paired by seed
   */
  public record Level(
      String benchmark,
      Optional<Double> difficulty,
      List<Accuracy> accuracies,
      Estimate difference) {}

  /** A method's accuracy; {@code bySeed} in order of the seeds that came so far. */
  public record Accuracy(String method, Estimate estimate, List<Double> bySeed) {}

  /** What a method took up to the compared policy, a run. */
  public record Cost(
      String method,
      Estimate sampledTokens,
      Estimate trainedTokens,
      Estimate optimizerSteps,
      Estimate seconds,
      Estimate cpuSeconds) {}

  /**
   * A line with its interval.
   *
   * @param method whose
   * @param metric what is drawn: a column of {@code stability}, or a benchmark
   * @param difficulty level; empty: all problems
   */
  public record Curve(
      String method, String metric, Optional<Double> difficulty, List<Point> points) {}

  /** At {@code x}, a policy version or an iteration, after a mean of {@code tokens} sampled. */
  public record Point(int x, double tokens, Estimate estimate) {}

  /** A run; {@code comparedVersion} is empty where it has not come so far. */
  public record Run(
      String runId,
      String method,
      long seed,
      String status,
      Optional<Integer> comparedVersion,
      long sampledTokens,
      Optional<Double> primaryMetric) {}
}

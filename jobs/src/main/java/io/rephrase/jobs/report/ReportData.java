package io.rephrase.jobs.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything one page shows. The page's scripts read these records as JSON, component names in
 * snake case; NaN and empty become null.
 *
 * @param generatedAt when the page was made
 * @param run whose page it is
 * @param headlines numbers to read first
 * @param series of this run, then of those it is compared with
 * @param delta a rollout with a reward below it has failed
 * @param rho share of failures that makes a group hard
 * @param groups shown in full
 * @param selection how they were chosen
 * @param configuration of the run
 */
public record ReportData(
    Instant generatedAt,
    Run run,
    List<Headline> headlines,
    List<Series> series,
    double delta,
    double rho,
    List<GroupView> groups,
    Selection selection,
    List<ConfiguredValue> configuration) {
  public ReportData {
    headlines = List.copyOf(headlines);
    series = List.copyOf(series);
    groups = List.copyOf(groups);
    configuration = List.copyOf(configuration);
    if (series.isEmpty() || !series.get(0).runId().equals(run.runId())) {
      throw new IllegalArgumentException(
          "the first series must be of run \"%s\"; add it, with empty lists where nothing is known"
              .formatted(run.runId()));
    }
  }

  /**
   * A run in a few words.
   *
   * @param runId its name
   * @param status of its last event
   * @param preset of the algorithm
   * @param policy checkpoint it began with
   * @param startedAt first event
   * @param lastEventAt last event
   * @param iterations planned
   * @param codeVersion of the software that began it
   * @param configHash of its configuration
   * @param message of its last event
   */
  public record Run(
      String runId,
      String status,
      String preset,
      String policy,
      Instant startedAt,
      Instant lastEventAt,
      int iterations,
      String codeVersion,
      String configHash,
      Optional<String> message) {}

  /**
   * A number to read first.
   *
   * @param label what is counted
   * @param value as shown
   * @param note one sentence on how to read it
   */
  public record Headline(String label, String value, String note) {}

  /**
   * The curves of one run.
   *
   * @param runId the run
   * @param preset of its algorithm
   * @param accuracy by policy version, benchmark and difficulty
   * @param scores of its policies, with how sure they are
   * @param iterations in order
   * @param stepMetrics numeric columns of {@code training_steps}, each with one value a step in
   *     order, {@code step} among them; NaN where a step has none
   */
  public record Series(
      String runId,
      String preset,
      List<Accuracy> accuracy,
      List<BenchmarkScore> scores,
      List<Iteration> iterations,
      Map<String, double[]> stepMetrics) {
    public Series {
      accuracy = List.copyOf(accuracy);
      scores = List.copyOf(scores);
      iterations = List.copyOf(iterations);
      stepMetrics = Map.copyOf(stepMetrics);
    }
  }

  /**
   * How a policy did on one level of a benchmark.
   *
   * @param policyVersion evaluated
   * @param benchmark by name
   * @param difficulty level; empty where problems have none
   * @param meanReward over {@code answers}, in [0, 1]
   * @param answers graded
   */
  public record Accuracy(
      int policyVersion,
      String benchmark,
      Optional<Double> difficulty,
      double meanReward,
      long answers) {}

  /**
   * A policy's score by one metric on some of a benchmark's problems.
   *
   * @param policyVersion evaluated
   * @param benchmark by name
   * @param slice {@code all}, or a difficulty or subject in words
   * @param metric such as {@code pass@8}
   * @param value mean over problems, in [0, 1]
   * @param low end of its 95 % interval over problems
   * @param high end of it
   * @param problems counted
   */
  public record BenchmarkScore(
      int policyVersion,
      String benchmark,
      String slice,
      String metric,
      double value,
      double low,
      double high,
      int problems) {}

  /**
   * What happened in one iteration.
   *
   * @param iteration from 0
   * @param groups decided on
   * @param hard of these
   * @param substituted groups in which something took a rollout's place
   * @param bySubstitution hard groups that learn because something took a rollout's place
   * @param byLuck hard groups that learn from their own rollouts alone
   * @param zeroVariance groups whose final rewards are all equal
   * @param rewardMean of the sampled rollouts
   * @param rewardMeanAfter of the final groups
   * @param rollouts sampled
   * @param truncated of these, ended otherwise than by an end of sequence
   * @param rolloutTokens sampled for rollouts
   * @param attempts at a rephrasing
   * @param accepted of these
   * @param attemptTokens sampled for rephrasings
   * @param rejections attempts by reject reason
   * @param stageSeconds from a stage's plan to the run's next event, by stage
   */
  public record Iteration(
      int iteration,
      long groups,
      long hard,
      long substituted,
      long bySubstitution,
      long byLuck,
      long zeroVariance,
      double rewardMean,
      double rewardMeanAfter,
      long rollouts,
      long truncated,
      long rolloutTokens,
      long attempts,
      long accepted,
      long attemptTokens,
      Map<String, Long> rejections,
      Map<String, Double> stageSeconds) {
    public Iteration {
      rejections = Map.copyOf(rejections);
      stageSeconds = Map.copyOf(stageSeconds);
    }
  }

  /**
   * How the groups on the page were chosen.
   *
   * @param total groups of the run
   * @param substituted of these
   * @param shown on the page
   * @param rule in words
   */
  public record Selection(long total, long substituted, int shown, String rule) {}

  /**
   * One key of the run's configuration.
   *
   * @param key with dots
   * @param value as JSON
   * @param origin where the value came from
   */
  public record ConfiguredValue(String key, String value, String origin) {}
}

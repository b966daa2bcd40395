package io.rephrase.jobs.experiment;

import io.rephrase.data.RunStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What one run of an experiment recorded.
 *
 * @param runId its name
 * @param method its set of settings
 * @param seed its seed
 * @param status of its last event; {@code not started} without one
 * @param plannedIterations policies it is to train
 * @param scores by policy version, benchmark and difficulty
 * @param iterations in order
 */
public record RunFigures(
    String runId,
    String method,
    long seed,
    String status,
    int plannedIterations,
    List<Score> scores,
    List<Iteration> iterations) {

  public RunFigures {
    scores = List.copyOf(scores);
    iterations = List.copyOf(iterations);
  }

  /** A run that recorded nothing yet. */
  public static RunFigures notStarted(String runId, String method, long seed, int iterations) {
    return new RunFigures(runId, method, seed, "not started", iterations, List.of(), List.of());
  }

  /**
   * One level of a benchmark.
   *
   * @param policyVersion evaluated
   * @param benchmark by name
   * @param difficulty level; empty where problems have none
   * @param reward mean over graded answers, in [0, 1]
   * @param answers graded
   */
  public record Score(
      int policyVersion,
      String benchmark,
      Optional<Double> difficulty,
      double reward,
      long answers) {}

  /**
   * What an iteration cost and how steadily it learned.
   *
   * @param iteration from 0
   * @param sampledTokens rollouts and rephrasings, dropped and rejected ones too
   * @param trainedTokens in the loss
   * @param optimizerSteps updates made
   * @param seconds of its stages, evaluation apart
   * @param cpuSeconds of the same
   * @param stability metrics by name; absent where not measured
   */
  public record Iteration(
      int iteration,
      long sampledTokens,
      long trainedTokens,
      long optimizerSteps,
      double seconds,
      double cpuSeconds,
      Map<String, Double> stability) {
    public Iteration {
      stability = Map.copyOf(stability);
    }
  }

  /** Sampled tokens before policy {@code version} was there. */
  public long tokensOf(int version) {
    return iterations.stream()
        .filter(iteration -> iteration.iteration() < version)
        .mapToLong(Iteration::sampledTokens)
        .sum();
  }

  /**
   * The policy this run is compared at: the last planned one, once the run is finished; under a
   * budget the last evaluated one of those planned that cost no more. Empty while the run has not
   * come so far.
   */
  public OptionalInt comparedVersion(long budgetTokens) {
    boolean whole =
        status.equals(RunStatus.FINISHED.label())
            && scores.stream().anyMatch(score -> score.policyVersion() == plannedIterations);
    if (budgetTokens == 0) {
      return whole ? OptionalInt.of(plannedIterations) : OptionalInt.empty();
    }
    boolean spent = tokensOf(Integer.MAX_VALUE) > budgetTokens;
    return whole || spent
        ? scores.stream()
            .mapToInt(Score::policyVersion)
            .filter(version -> version <= plannedIterations)
            .filter(version -> tokensOf(version) <= budgetTokens)
            .max()
        : OptionalInt.empty();
  }

  /** Mean reward of a policy over the problems that {@code metric} takes; empty without any. */
  public OptionalDouble accuracy(int version, Metric metric) {
    List<Score> taken =
        scores.stream()
            .filter(score -> score.policyVersion() == version && metric.takes(score))
            .sorted(Comparator.comparing(score -> score.difficulty().orElse(-1.0)))
            .toList();
    if (metric.difficulties().isEmpty()) {
      double answers = taken.stream().mapToLong(Score::answers).sum();
      double right = taken.stream().mapToDouble(s -> s.reward() * s.answers()).sum();
      return answers == 0 ? OptionalDouble.empty() : OptionalDouble.of(right / answers);
    }
    return taken.size() < metric.difficulties().size()
        ? OptionalDouble.empty()
        : taken.stream().mapToDouble(Score::reward).average();
  }

  /**
   * An accuracy.
   *
   * @param benchmark by name
   * @param difficulties the mean over these levels, each alike; empty takes all problems alike
   */
  public record Metric(String benchmark, List<Double> difficulties) {
    public Metric {
      difficulties = List.copyOf(difficulties);
    }

    boolean takes(Score score) {
      return score.benchmark().equals(benchmark)
          && (difficulties.isEmpty()
              || score.difficulty().filter(difficulties::contains).isPresent());
    }
  }
}

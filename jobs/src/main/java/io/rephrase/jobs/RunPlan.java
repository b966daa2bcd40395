package io.rephrase.jobs;

import io.rephrase.config.EvaluateConfig;
import io.rephrase.config.RolloutConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.jobs.spark.PromptSpec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a run would do, in numbers, before anything is written. Immutable. */
public final class RunPlan {

  private final RunConfig config;
  private final RunMethod method;

  private RunPlan(RunConfig config, RunMethod method) {
    this.config = config;
    this.method = method;
  }

  /**
   * The plan of a configuration; reads no table.
   *
   * @throws io.rephrase.ConfigurationException if its algorithm cannot be run, or a template cannot
   *     be read
   */
  public static RunPlan of(RunConfig config) {
    PromptSpec.of(config);
    ServedTraining.checkIterations(config);
    return new RunPlan(config, RunMethod.of(config));
  }

  /** For people, a line each. */
  public List<String> lines() {
    RolloutConfig rollout = config.rollout();
    List<String> lines = new ArrayList<>();
    lines.add("run %s in %s".formatted(config.run().id(), config.run().warehouse()));
    lines.add(
        "algorithm %s from policy %s, %d iterations of %d prompts x %d rollouts, %d optimizer steps each"
            .formatted(
                config.algorithm().preset(),
                config.policy().checkpoint(),
                config.run().iterations(),
                rollout.promptsPerIteration(),
                method.slots().count(),
                config.train().stepsPerIteration()));
    lines.add("an iteration, at most:");
    lines.add(sampled("rollouts", rollouts(), rollout.maxTokens()));
    method
        .resampling()
        .ifPresent(
            sampling ->
                lines.add(
                    "  and as much again in each of at most %d further rounds, until %d groups have variance"
                        .formatted(sampling.maxRounds() - 1, sampling.wantedGroups())));
    if (method.rephrases()) {
      lines.add(
          sampled("rephrasings", rephrasings(), config.rephrase().maxTokens())
              + " (%s)".formatted(word(config.rephrase().when())));
    }
    if (method.scoresTeacher()) {
      lines.add(
          "  scores %,d experts' solutions".formatted(config.rollout().promptsPerIteration()));
    }
    lines.add(trained());
    lines.add(
        "the run samples at most %,d tokens, evaluations apart"
            .formatted(config.run().iterations() * tokensOfAnIteration()));
    config
        .evaluate()
        .benchmarks()
        .forEach((name, benchmark) -> lines.add(evaluation(name, benchmark)));
    lines.add("tables written: " + tables());
    return lines;
  }

  private static String sampled(String what, long count, int maxTokens) {
    return "  %-11s %,12d x %,6d tokens = %,14d tokens"
        .formatted(what, count, maxTokens, count * maxTokens);
  }

  /** A solution of an expert is as long as it is: its tokens are not known before it is read. */
  private String trained() {
    long prompts = config.rollout().promptsPerIteration();
    boolean imitates = method.algorithm().guidance().imitates();
    long answers = !imitates ? rollouts() : method.rephrases() ? prompts : 0;
    int longest = imitates ? config.rephrase().maxTokens() : config.rollout().maxTokens();
    return "  trains on   %,12d completions    %,14d tokens, forward and backward"
            .formatted(answers, answers * longest)
        + (method.needsTeacher() ? ", and %,d experts' solutions".formatted(prompts) : "");
  }

  private long rollouts() {
    return (long) config.rollout().promptsPerIteration() * method.slots().count();
  }

  private long rephrasings() {
    return method.rephrases()
        ? (long) config.rollout().promptsPerIteration() * config.rephrase().attempts()
        : 0;
  }

  private long tokensOfAnIteration() {
    int rounds = method.resampling().map(sampling -> sampling.maxRounds()).orElse(1);
    return rounds * rollouts() * config.rollout().maxTokens()
        + rephrasings() * config.rephrase().maxTokens();
  }

  private String evaluation(String name, EvaluateConfig.Benchmark benchmark) {
    long policies =
        IntStream.rangeClosed(0, config.run().iterations())
            .filter(version -> EvaluateJob.due(config, version))
            .count();
    String difficulties =
        benchmark.difficulties().isEmpty()
            ? "every difficulty"
            : "difficulties "
                + benchmark.difficulties().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "));
    String limit =
        benchmark.limitPerDifficulty() == 0
            ? "all problems"
            : "at most %d problems each".formatted(benchmark.limitPerDifficulty());
    return "evaluates %d policies on %s: dataset %s, split %s, %s, %s, %d samples"
        .formatted(
            policies,
            name,
            benchmark.dataset(),
            benchmark.split(),
            difficulties,
            limit,
            config.evaluate().decoding(benchmark).samples());
  }

  /** Those of the stages that the algorithm has, the log of the run and its policies. */
  private String tables() {
    Stream<Tables> ofStages =
        Stream.of(
                Map.entry(Stage.INGEST, true),
                Map.entry(Stage.ROLLOUT, true),
                Map.entry(Stage.GRADE, config.judge().present()),
                Map.entry(Stage.REPHRASE, method.rephrases()),
                Map.entry(Stage.TEACHER, method.scoresTeacher()),
                Map.entry(Stage.GUIDANCE, true),
                Map.entry(Stage.TRAIN, true),
                Map.entry(Stage.EVALUATE, !config.evaluate().benchmarks().isEmpty()))
            .filter(Map.Entry::getValue)
            .flatMap(entry -> entry.getKey().tables().stream());
    return Stream.concat(ofStages, Stream.of(Tables.CHECKPOINTS, Tables.RUNS))
        .map(Tables::label)
        .collect(Collectors.joining(", "));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

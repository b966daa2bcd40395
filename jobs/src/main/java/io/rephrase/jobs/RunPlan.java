package io.rephrase.jobs;

import io.rephrase.config.RolloutConfig;
import io.rephrase.config.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run would do, in numbers, before anything is written. Immutable. */
public final class RunPlan {

  private final RunConfig config;

  private RunPlan(RunConfig config) {
    this.config = config;
  }

  /**
   * The plan of a configuration.
   *
   * @throws io.rephrase.ConfigurationException if its algorithm cannot be run
   */
  public static RunPlan of(RunConfig config) {
    RunMethod.of(config);
    return new RunPlan(config);
  }

  /** For people, a line each. */
  public List<String> lines() {
    RolloutConfig rollout = config.rollout();
    long rollouts = (long) rollout.promptsPerIteration() * rollout.groupSize();
    long attempts = (long) rollout.promptsPerIteration() * config.rephrase().attempts();
    boolean rephrases = RunMethod.of(config).rephrases();
    List<String> lines = new ArrayList<>();
    lines.add("run %s in %s".formatted(config.run().id(), config.run().warehouse()));
    lines.add(
        "algorithm %s, %d iterations of %d prompts x %d rollouts, %d optimizer steps each"
            .formatted(
                config.algorithm().preset(),
                config.run().iterations(),
                rollout.promptsPerIteration(),
                rollout.groupSize(),
                config.train().stepsPerIteration()));
    lines.add(
        "an iteration samples %,d rollouts of at most %d tokens, at most %,d tokens"
            .formatted(rollouts, rollout.maxTokens(), rollouts * rollout.maxTokens()));
    if (rephrases) {
      lines.add(
          "and at most %,d rephrasings of at most %d tokens (%s)"
              .formatted(
                  attempts,
                  config.rephrase().maxTokens(),
                  config.rephrase().when().name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }
    lines.add("tables: prompts, rollout_groups, rephrasings, guidance, training_steps,");
    lines.add("        checkpoints, evaluations, runs");
    return lines;
  }
}

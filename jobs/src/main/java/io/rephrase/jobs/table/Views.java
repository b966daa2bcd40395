package io.rephrase.jobs.table;

import io.rephrase.data.Label;

/** The catalogue of views, in an order in which each may use those before it. */
public enum Views implements Label {
  RUNS_LATEST("runs_latest"),
  RUN_OVERVIEW("run_overview"),
  ROLLOUTS("rollouts"),
  TRAINING_SAMPLES("training_samples"),
  HARD_SAMPLE_UTILIZATION("hard_sample_utilization"),
  SUBSTITUTIONS("substitutions"),
  STYLE_DISTANCE("style_distance"),
  REWARD_DISTRIBUTION("reward_distribution"),
  BENCHMARK_PROBLEMS("benchmark_problems"),
  BENCHMARK_SCORES("benchmark_scores"),
  VERIFIER_DISAGREEMENTS("verifier_disagreements"),
  TOKEN_COSTS("token_costs"),
  STAGE_SECONDS("stage_seconds"),
  REPHRASE_OUTCOMES("rephrase_outcomes"),
  STABILITY("stability");

  private final String label;

  Views(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** The query that it is. */
  String sql() {
    return TableDefinition.resource("views/" + label + ".sql");
  }
}

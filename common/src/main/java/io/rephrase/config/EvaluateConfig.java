package io.rephrase.config;

import java.util.List;
import java.util.Map;

/**
 * How policies are evaluated.
 *
 * @param every iterations; the first and the last policy are always evaluated
 * @param samples a prompt
 * @param greedy the most probable tokens instead of drawn ones
 * @param temperature of drawn ones
 * @param maxTokens of a completion; 0 takes the rollout's
 * @param benchmarks what is asked, by name; empty evaluates nothing
 */
public record EvaluateConfig(
    int every,
    int samples,
    boolean greedy,
    double temperature,
    int maxTokens,
    Map<String, Benchmark> benchmarks) {
  public EvaluateConfig {
    benchmarks = Rules.sorted(benchmarks);
    Rules.atLeast("every", every, 1);
    Rules.atLeast("samples", samples, 1);
    Rules.positive("temperature", temperature);
    Rules.atLeast("maxTokens", maxTokens, 0);
    if (greedy && samples > 1) {
      throw new IllegalArgumentException(
          "samples must be 1 with greedy = true, got %d: greedy samples are all the same"
              .formatted(samples));
    }
  }

  /**
   * A fixed set of prompts in a fixed order.
   *
   * @param dataset name in the prompts table
   * @param split of it
   * @param difficulties kept; empty keeps all
   * @param limitPerDifficulty prompts of each difficulty at most; 0 takes all
   */
  public record Benchmark(
      String dataset, String split, List<Integer> difficulties, int limitPerDifficulty) {
    public Benchmark {
      difficulties = List.copyOf(difficulties);
      Rules.notBlank("dataset", dataset);
      Rules.notBlank("split", split);
      Rules.atLeast("limitPerDifficulty", limitPerDifficulty, 0);
    }
  }
}

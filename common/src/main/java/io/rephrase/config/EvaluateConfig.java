package io.rephrase.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How policies are evaluated.
 *
 * @param every iterations; the first and the last policy are always evaluated
 * @param samples a problem
 * @param greedy the most probable tokens instead of drawn ones
 * @param temperature of drawn ones
 * @param topP of drawn ones, in (0, 1]; 1 keeps all
 * @param maxTokens of a completion; 0 takes the rollout's
 * @param benchmarks what is asked, by name; empty evaluates nothing
 */
public record EvaluateConfig(
    int every,
    int samples,
    boolean greedy,
    double temperature,
    double topP,
    int maxTokens,
    Map<String, Benchmark> benchmarks) {
  public EvaluateConfig {
    benchmarks = Rules.sorted(benchmarks);
    Rules.atLeast("every", every, 1);
    Rules.atLeast("maxTokens", maxTokens, 0);
    Decoding shared = new Decoding(samples, greedy, temperature, topP);
    benchmarks.forEach((name, benchmark) -> refuseGreedySamples(name, benchmark, shared));
  }

  private static void refuseGreedySamples(String name, Benchmark benchmark, Decoding shared) {
    int samples = benchmark.samples().orElse(shared.samples());
    if (benchmark.greedy().orElse(false) && samples > 1) {
      throw new IllegalArgumentException(
          "benchmarks.%s.greedy must be false with %d samples: greedy samples are all the same"
              .formatted(name, samples));
    }
  }

  /** How the answers to a benchmark are drawn. */
  public Decoding decoding(Benchmark benchmark) {
    return benchmark.decoding(new Decoding(samples, greedy, temperature, topP));
  }

  /**
   * How answers are drawn.
   *
   * @param samples a problem
   * @param greedy the most probable tokens instead of drawn ones
   * @param temperature of drawn ones
   * @param topP of drawn ones
   */
  public record Decoding(int samples, boolean greedy, double temperature, double topP) {
    public Decoding {
      Rules.atLeast("samples", samples, 1);
      Rules.positive("temperature", temperature);
      Rules.aboveZeroUpToOne("topP", topP);
      if (greedy && samples > 1) {
        throw new IllegalArgumentException(
            "samples must be 1 with greedy = true, got %d: greedy samples are all the same"
                .formatted(samples));
      }
    }
  }

  /**
   * A fixed set of prompts in a fixed order.
   *
   * @param dataset name in the prompts table
   * @param split of it
   * @param difficulties kept; empty keeps all
   * @param limitPerDifficulty prompts of each difficulty at most; 0 takes all
   * @param samples a problem; empty takes the section's
   * @param greedy empty takes the section's, but draws where the benchmark has several samples of
   *     its own
   * @param temperature empty takes the section's
   * @param topP empty takes the section's
   */
  public record Benchmark(
      String dataset,
      String split,
      List<Integer> difficulties,
      int limitPerDifficulty,
      Optional<Integer> samples,
      Optional<Boolean> greedy,
      Optional<Double> temperature,
      Optional<Double> topP) {
    public Benchmark {
      difficulties = List.copyOf(difficulties);
      Rules.notBlank("dataset", dataset);
      Rules.notBlank("split", split);
      Rules.atLeast("limitPerDifficulty", limitPerDifficulty, 0);
      samples.ifPresent(number -> Rules.atLeast("samples", number, 1));
      temperature.ifPresent(number -> Rules.positive("temperature", number));
      topP.ifPresent(number -> Rules.aboveZeroUpToOne("topP", number));
    }

    private Decoding decoding(Decoding shared) {
      boolean several = samples.isPresent() && samples.get() > 1;
      return new Decoding(
          samples.orElse(shared.samples()),
          greedy.orElse(shared.greedy() && !several),
          temperature.orElse(shared.temperature()),
          topP.orElse(shared.topP()));
    }
  }
}

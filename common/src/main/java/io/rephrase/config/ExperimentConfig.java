package io.rephrase.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An experiment: methods × seeds, and the contrast it was made for. Immutable.
 *
 * @param settings what {@code experiment.conf} beside this class explains
 * @param runs in the order they are to be done: seed by seed, so that pairs are complete early
 */
public record ExperimentConfig(Settings settings, List<PlannedRun> runs) {

  public ExperimentConfig {
    runs = List.copyOf(runs);
  }

  /** The methods, the primary contrast's first. */
  public List<String> methods() {
    return runs.stream().map(PlannedRun::method).distinct().toList();
  }

  /**
   * One run of the grid.
   *
   * @param id its name and the name of its warehouse
   * @param method its set of settings
   * @param seed its seed
   * @param resolved its configuration, warehouse included
   */
  public record PlannedRun(String id, String method, long seed, ResolvedConfig resolved) {}

  /**
   * The section but for its methods.
   *
   * @param name first part of every run's name
   * @param seeds at least one, each once
   * @param parallel runs side by side at most
   * @param budgetTokens sampled tokens that runs are compared at; 0: as many as each took
   * @param primary the one contrast
   */
  public record Settings(
      String name, List<Long> seeds, int parallel, long budgetTokens, Primary primary) {
    public Settings {
      seeds = List.copyOf(seeds);
      Rules.notBlank("name", name);
      Rules.atLeast("parallel", parallel, 1);
      Rules.atLeast("budgetTokens", budgetTokens, 0);
      if (seeds.isEmpty()) {
        throw new IllegalArgumentException(
            "seeds must hold at least one seed, got []; an interval needs two or more");
      }
      Set<Long> seen = new HashSet<>();
      for (long seed : seeds) {
        if (!seen.add(seed)) {
          throw new IllegalArgumentException(
              "seeds repeats %d in %s; each pairs one run of every method".formatted(seed, seeds));
        }
      }
    }
  }

  /**
   * The contrast {@code method - against}.
   *
   * @param method its accuracy
   * @param against minus that of this one
   * @param benchmark in which
   * @param difficulties mean over these levels, each alike; empty takes all problems alike
   */
  public record Primary(
      String method, String against, String benchmark, List<Double> difficulties) {
    public Primary {
      difficulties = List.copyOf(difficulties);
      Rules.notBlank("method", method);
      Rules.notBlank("against", against);
      if (method.equals(against)) {
        throw new IllegalArgumentException(
            "against must name another method than method, got \"%s\" twice".formatted(method));
      }
    }
  }
}

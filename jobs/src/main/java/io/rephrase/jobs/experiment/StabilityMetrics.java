package io.rephrase.jobs.experiment;

import java.util.List;

/** Columns of the view {@code stability} that methods are compared by. */
public final class StabilityMetrics {

  /** In the order they are shown. */
  public static final List<String> NAMES =
      List.of(
          "reward_mean",
          "surprisal",
          "entropy",
          "gradient_norm",
          "kl_old_max",
          "kl_reference",
          "length_mean",
          "truncation_rate");

  private StabilityMetrics() {}
}

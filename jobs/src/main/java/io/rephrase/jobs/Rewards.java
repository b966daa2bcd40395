package io.rephrase.jobs;

import java.util.List;

/** Rewards of a group as the method wants them. */
final class Rewards {

  private Rewards() {}

  /** NULL is NaN: no reward. */
  static double[] of(List<Double> rewards) {
    return rewards.stream().mapToDouble(r -> r == null ? Double.NaN : r).toArray();
  }
}

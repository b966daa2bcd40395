package io.rephrase.guidance;

import java.util.Arrays;

/**
 * The gate of RePO (arXiv 2602.10819): a group is hard when the share of its rewarded rollouts with
 * a reward below delta reaches rho. Measured on sampled rollouts, before any substitution.
 * Stateless and thread-safe.
 *
 * @param delta a rollout with a smaller reward has failed; in (0, 1]
 * @param rho share of failures from which a group is hard; in (0, 1]
 */
public record GroupGate(double delta, double rho) {
  public GroupGate {
    requireShare("delta", delta);
    requireShare("rho", rho);
  }

  /**
   * What the gate read.
   *
   * @param failures rewarded rollouts below delta
   * @param rewarded rollouts with a reward
   * @param failureRate gamma = failures / rewarded; NaN where none is rewarded
   * @param hard whether gamma reached rho
   */
  public record Reading(int failures, int rewarded, double failureRate, boolean hard) {}

  /**
   * Reads a group.
   *
   * @param rewards by sample index; NaN where there is none
   */
  public Reading read(double[] rewards) {
    int rewarded = (int) Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).count();
    int failures = (int) Arrays.stream(rewards).filter(reward -> reward < delta).count();
    double failureRate = rewarded == 0 ? Double.NaN : (double) failures / rewarded;
    return new Reading(failures, rewarded, failureRate, failureRate >= rho);
  }

  private static void requireShare(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in (0, 1], got " + value);
    }
  }
}

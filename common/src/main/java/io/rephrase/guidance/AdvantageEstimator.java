package io.rephrase.guidance;

/**
 * What each member of a group is worth relative to the others. Stateless and thread-safe.
 *
 * <p>NaN is a member without a reward: it is left out of all statistics and gets 0. A group with
 * fewer than two rewarded members gets 0 everywhere.
 */
public interface AdvantageEstimator {

  /**
   * Advantages, one a member.
   *
   * @param rewards of the final group; NaN where there is none
   */
  double[] estimate(double[] rewards);
}

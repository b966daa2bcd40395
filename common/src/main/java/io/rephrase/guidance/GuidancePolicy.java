package io.rephrase.guidance;

import java.util.List;

/**
 * Decides what happens to a group of rollouts. Deterministic, stateless and thread-safe: deciding
 * again from recorded numbers gives the same decision.
 */
public interface GuidancePolicy {

  /**
   * The decision for one group.
   *
   * @param rewards of the sampled rollouts by sample index; NaN where there is none
   * @param candidates the attempts at a rephrasing, accepted or not; may be empty
   */
  Decision decide(double[] rewards, List<Candidate> candidates);
}

package io.rephrase.guidance;

/**
 * DAPO's dynamic sampling (arXiv 2503.14476, section 3.2): a group whose rewards are all equal
 * teaches nothing and is dropped, and more prompts are drawn until enough groups are kept or the
 * rounds are spent. Stateless and thread-safe.
 *
 * @param wantedGroups with variance
 * @param maxRounds in which prompts are drawn, the first included
 */
public record DynamicSampling(int wantedGroups, int maxRounds) {
  public DynamicSampling {
    if (wantedGroups < 1 || maxRounds < 1) {
      throw new IllegalArgumentException(
          "wantedGroups and maxRounds must be at least 1, got %d and %d"
              .formatted(wantedGroups, maxRounds));
    }
  }

  /**
   * Whether a group goes to training.
   *
   * @param rewards of the sampled rollouts; NaN where there is none
   */
  public static boolean keeps(double[] rewards) {
    return !GroupStatistics.zeroVariance(rewards);
  }

  /**
   * How many prompts the next round draws: as many as will give the missing groups if the share
   * that is kept stays what it was, and never more than a whole first round. 0 ends it.
   *
   * @param rounds made
   * @param drawn prompts in them
   * @param kept groups of them
   */
  public int nextDraw(int rounds, int drawn, int kept) {
    int missing = wantedGroups - kept;
    if (rounds >= maxRounds || missing <= 0) {
      return 0;
    }
    if (kept == 0) {
      return wantedGroups;
    }
    return (int) Math.min(wantedGroups, ((long) missing * drawn + kept - 1) / kept);
  }
}

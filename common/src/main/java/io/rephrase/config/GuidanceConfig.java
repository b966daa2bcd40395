package io.rephrase.config;

/**
 * The gate, RePO (arXiv 2602.10819).
 *
 * @param delta a rollout with a smaller reward has failed; in (0, 1]
 * @param rho a group is hard when at least this share of its rewarded rollouts failed; in (0, 1]
 */
public record GuidanceConfig(double delta, double rho) {
  public GuidanceConfig {
    Rules.aboveZeroUpToOne("delta", delta);
    Rules.aboveZeroUpToOne("rho", rho);
  }
}

package io.rephrase.guidance;

import io.rephrase.data.GuidanceSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * RePO (arXiv 2602.10819): in a hard group an accepted rephrasing takes the place of the worst
 * rollout. A rollout without a reward is worst, then the lowest reward, ties to the lowest sample
 * index. Group size stays. Stateless and thread-safe.
 */
public final class RephrasedGuidance implements GuidancePolicy {

  /**
   * @param pick which of several accepted attempts
   * @param maxMeanLogRatio tau of the geometric filter: an attempt whose |mean log ratio| between q
   *     and P(q,k) is larger is off-distribution, nats; infinity filters nothing
   */
  public record Config(CandidatePick pick, double maxMeanLogRatio) {
    public Config {
      if (!(maxMeanLogRatio > 0)) {
        throw new IllegalArgumentException(
            "maxMeanLogRatio must be positive, got " + maxMeanLogRatio);
      }
    }
  }

  private final GroupGate gate;
  private final AdvantageEstimator estimator;
  private final Config config;

  public RephrasedGuidance(GroupGate gate, AdvantageEstimator estimator, Config config) {
    this.gate = gate;
    this.estimator = estimator;
    this.config = config;
  }

  @Override
  public Decision decide(double[] rewards, List<Candidate> candidates) {
    GroupGate.Reading reading = gate.read(rewards);
    if (!reading.hard()) {
      return Decision.unchanged(reading, rewards, GuidanceReason.NOT_HARD, estimator);
    }
    List<Candidate> accepted = candidates.stream().filter(Candidate::accepted).toList();
    Optional<Candidate> picked = config.pick().of(accepted.stream().filter(this::near).toList());
    return picked
        .map(candidate -> substitute(reading, rewards, candidate))
        .orElseGet(
            () -> Decision.unchanged(reading, rewards, whyNone(candidates, accepted), estimator));
  }

  private boolean near(Candidate candidate) {
    return Double.isInfinite(config.maxMeanLogRatio())
        || Math.abs(candidate.meanLogRatio()) <= config.maxMeanLogRatio();
  }

  private static GuidanceReason whyNone(List<Candidate> candidates, List<Candidate> accepted) {
    if (candidates.isEmpty()) {
      return GuidanceReason.NO_REPHRASING;
    }
    return accepted.isEmpty() ? GuidanceReason.ALL_REJECTED : GuidanceReason.OFF_DISTRIBUTION;
  }

  private Decision substitute(GroupGate.Reading reading, double[] rewards, Candidate candidate) {
    int worst = worst(rewards);
    double[] after = rewards.clone();
    after[worst] = candidate.reward();
    long rewarded = Arrays.stream(after).filter(r -> !Double.isNaN(r)).count();
    return new Decision(
        reading,
        GuidanceSource.REPHRASED,
        OptionalInt.of(candidate.attempt()),
        OptionalInt.of(worst),
        GuidanceReason.SUBSTITUTED,
        after,
        estimator.estimate(after),
        GroupStatistics.zeroVariance(after),
        rewarded < 2);
  }

  static int worst(double[] rewards) {
    int worst = 0;
    for (int i = 1; i < rewards.length; i++) {
      if (!Double.isNaN(rewards[worst])
          && (Double.isNaN(rewards[i]) || rewards[i] < rewards[worst])) {
        worst = i;
      }
    }
    return worst;
  }
}

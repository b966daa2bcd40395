package io.rephrase.guidance;

import io.rephrase.data.GuidanceSource;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * LUFFY (arXiv 2504.14945, its released training script): slot 0 of every group is the expert's
 * solution, graded by the same verifier; the others are sampled. The gate is read over the sampled
 * ones, for the record. Stateless and thread-safe.
 *
 * <p>The candidate handed in is the expert's solution itself, its attempt without meaning; there is
 * at most one. Without one the group stays on-policy.
 */
public final class TeacherGuidance implements GuidancePolicy {

  /** Where the expert's solution stands. */
  public static final int SLOT = 0;

  private final GroupGate gate;
  private final AdvantageEstimator estimator;

  public TeacherGuidance(GroupGate gate, AdvantageEstimator estimator) {
    this.gate = gate;
    this.estimator = estimator;
  }

  @Override
  public Decision decide(double[] rewards, List<Candidate> candidates) {
    if (candidates.size() > 1) {
      throw new IllegalArgumentException(
          "an expert has one solution of a question, got " + candidates.size());
    }
    if (candidates.isEmpty()) {
      return Decision.unchanged(
          gate.read(rewards), rewards, GuidanceReason.NO_KNOWLEDGE, estimator);
    }
    double[] sampled = rewards.clone();
    sampled[SLOT] = Double.NaN;
    double[] after = rewards.clone();
    after[SLOT] = candidates.get(0).reward();
    return new Decision(
        gate.read(sampled),
        GuidanceSource.TEACHER,
        OptionalInt.empty(),
        OptionalInt.of(SLOT),
        GuidanceReason.TEACHER_SLOT,
        after,
        estimator.estimate(after),
        GroupStatistics.zeroVariance(after),
        Arrays.stream(after).filter(reward -> !Double.isNaN(reward)).count() < 2);
  }
}

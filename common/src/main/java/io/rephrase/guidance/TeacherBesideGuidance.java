package io.rephrase.guidance;

import java.util.List;

/**
 * Leaves every group as it was sampled, and has the expert's solution trained on beside it: the
 * control {@code grpo+nll}. The gate is read for the record. Stateless and thread-safe.
 *
 * <p>The candidate handed in is the expert's solution; without one the group stands alone.
 */
public final class TeacherBesideGuidance implements GuidancePolicy {

  private final GroupGate gate;
  private final AdvantageEstimator estimator;

  public TeacherBesideGuidance(GroupGate gate, AdvantageEstimator estimator) {
    this.gate = gate;
    this.estimator = estimator;
  }

  @Override
  public Decision decide(double[] rewards, List<Candidate> candidates) {
    GuidanceReason reason =
        candidates.isEmpty() ? GuidanceReason.NO_KNOWLEDGE : GuidanceReason.TEACHER_BESIDE;
    return Decision.unchanged(gate.read(rewards), rewards, reason, estimator);
  }
}

package io.rephrase.guidance;

import java.util.List;

/** Leaves every group as it was sampled: GRPO and its kin. The gate is read for the record. */
public final class NoGuidance implements GuidancePolicy {

  private final GroupGate gate;
  private final AdvantageEstimator estimator;

  public NoGuidance(GroupGate gate, AdvantageEstimator estimator) {
    this.gate = gate;
    this.estimator = estimator;
  }

  @Override
  public Decision decide(double[] rewards, List<Candidate> candidates) {
    return Decision.unchanged(gate.read(rewards), rewards, GuidanceReason.NO_GUIDANCE, estimator);
  }
}

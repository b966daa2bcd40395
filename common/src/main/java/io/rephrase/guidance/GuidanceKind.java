package io.rephrase.guidance;

import io.rephrase.data.Label;

/** The ways to guide: what an algorithm's row in the catalogue names. */
public enum GuidanceKind implements Label {
  /** Nothing is substituted. */
  NONE("none"),
  /** An o_rep for the worst rollout of a hard group. */
  REPHRASED("rephrased"),
  /** The expert's solution in slot 0 of every group. */
  TEACHER_SLOT("teacher-slot"),
  /** Nothing is substituted; the expert's solution is trained on beside the group. */
  TEACHER_BESIDE("teacher-beside"),
  /** The expert's solution alone. */
  IMITATE_TEACHER("imitate-teacher"),
  /** An accepted o_rep alone. */
  IMITATE_REPHRASED("imitate-rephrased");

  private final String label;

  GuidanceKind(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Whether rephrasings have to be sampled. */
  public boolean needsRephrasings() {
    return switch (this) {
      case REPHRASED, IMITATE_REPHRASED -> true;
      case NONE, TEACHER_SLOT, TEACHER_BESIDE, IMITATE_TEACHER -> false;
    };
  }

  /** Whether the expert's own solution is trained on. */
  public boolean needsTeacher() {
    return switch (this) {
      case TEACHER_SLOT, TEACHER_BESIDE, IMITATE_TEACHER -> true;
      case NONE, REPHRASED, IMITATE_REPHRASED -> false;
    };
  }

  /** Whether slot 0 of every group is the expert's, so that one rollout less is sampled. */
  public boolean keepsASlot() {
    return this == TEACHER_SLOT;
  }

  /** Whether one answer is imitated, so that rollouts are compared with nothing. */
  public boolean imitates() {
    return switch (this) {
      case IMITATE_TEACHER, IMITATE_REPHRASED -> true;
      case NONE, REPHRASED, TEACHER_SLOT, TEACHER_BESIDE -> false;
    };
  }

  /**
   * The policy that decides so.
   *
   * @param rephrased which rephrasing is used, where one is
   */
  public GuidancePolicy policy(
      GroupGate gate, AdvantageEstimator estimator, RephrasedGuidance.Config rephrased) {
    return switch (this) {
      case NONE -> new NoGuidance(gate, estimator);
      case TEACHER_BESIDE -> new TeacherBesideGuidance(gate, estimator);
      case REPHRASED -> new RephrasedGuidance(gate, estimator, rephrased);
      case TEACHER_SLOT -> new TeacherGuidance(gate, estimator);
      case IMITATE_TEACHER -> ImitationGuidance.ofTheTeacher(gate);
      case IMITATE_REPHRASED -> ImitationGuidance.ofARephrasing(gate, rephrased.pick());
    };
  }
}

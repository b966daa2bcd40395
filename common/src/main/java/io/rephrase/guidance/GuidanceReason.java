package io.rephrase.guidance;

import io.rephrase.data.Label;

/** Why a group is as it is. */
public enum GuidanceReason implements Label {
  /** A rephrasing took the place of a rollout. */
  SUBSTITUTED("substituted"),
  /** The expert's solution stands in its slot. */
  TEACHER_SLOT("teacher-slot"),
  /** The expert's solution is trained on beside the group. */
  TEACHER_BESIDE("teacher-beside"),
  /** One answer is imitated, the others are left out. */
  IMITATED("imitated"),
  /** The algorithm guides nothing. */
  NO_GUIDANCE("no-guidance"),
  /** The failure rate is below rho. */
  NOT_HARD("not-hard"),
  /** The prompt has no expert's solution that could be used. */
  NO_KNOWLEDGE("no-knowledge"),
  /** The group is hard, and no rephrasing was tried: the prompt has no knowledge. */
  NO_REPHRASING("no-rephrasing"),
  /** The group is hard, and every attempt was rejected. */
  ALL_REJECTED("all-rejected"),
  /** The group is hard, and the geometric filter left none of the accepted attempts. */
  OFF_DISTRIBUTION("off-distribution"),
  /** Fewer than two members have a reward: the group is left out. */
  TOO_FEW_REWARDS("too-few-rewards");

  private final String label;

  GuidanceReason(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

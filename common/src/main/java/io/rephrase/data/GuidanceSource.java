package io.rephrase.data;

/** What took the place of a rollout. */
public enum GuidanceSource implements Label {
  /** Nothing: the group is pure on-policy. */
  NONE("none"),
  /** An accepted o_rep. */
  REPHRASED("rephrased"),
  /** The expert's solution itself (LUFFY, SFT). */
  TEACHER("teacher");

  private final String label;

  GuidanceSource(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

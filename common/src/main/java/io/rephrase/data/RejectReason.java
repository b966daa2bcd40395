package io.rephrase.data;

/** Why an attempt at a rephrasing cannot be used. */
public enum RejectReason implements Label {
  /** Nothing is left after meta tokens were stripped. */
  EMPTY("empty"),
  /** The attempt did not end by itself. */
  TRUNCATED("truncated"),
  /** Its reward is below delta. */
  WRONG("wrong"),
  /** A phrase of the configured list stands in the middle. */
  LEAK("leak"),
  /** Too much of it stands word for word in k. */
  COPY("copy"),
  /** Too short beside k, or without its intermediate numbers. */
  NO_REASONING("no-reasoning"),
  /** Nothing speaks against it, but it has no reward: the judge failed. */
  NO_VERDICT("no-verdict"),
  /** P(q,k) exceeds the context; it is never cut. */
  KNOWLEDGE_TOO_LONG("knowledge-too-long"),
  /** A cut would fall inside a token. */
  UNALIGNED("unaligned"),
  /** The geometric filter: its mean log ratio between q and P(q,k) is too large. */
  OFF_DISTRIBUTION("off-distribution"),
  /** The engine failed. */
  ERROR("error");

  private final String label;

  RejectReason(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

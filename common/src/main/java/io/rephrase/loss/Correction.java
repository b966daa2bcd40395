package io.rephrase.loss;

import io.rephrase.data.Label;

/** How the tokens of an o_rep are corrected for having been sampled under P(q,k). */
public enum Correction implements Label {
  /** Not at all: the paper. */
  NONE("none"),
  /** The ratio is taken to mu instead of l_old. */
  RATIO("ratio"),
  /** A constant weight clip(exp(l_old - mu), 0, 2) on the clipped ratio. */
  DECOUPLED("decoupled"),
  /** -A f(p) in place of the ratio. */
  SHAPED("shaped");

  /** Largest decoupled weight. */
  static final double MAX_WEIGHT = 2;

  private final String label;

  Correction(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

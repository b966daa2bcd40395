package io.rephrase.training;

import io.rephrase.data.Label;

/** What happens to a completion that did not end by itself. */
public enum TruncatedHandling implements Label {
  /** Its tokens leave the loss; its reward stays in the baseline. */
  MASK("mask"),
  /** Nothing: it is trained like any other. */
  PENALISE("penalise"),
  /** Its tokens stay in the normaliser, with advantage 0. */
  ZERO_ADVANTAGE("zero-advantage");

  private final String label;

  TruncatedHandling(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

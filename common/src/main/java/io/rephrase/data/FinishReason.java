package io.rephrase.data;

/** Why a completion ended. All but {@link #EOS} are truncated. */
public enum FinishReason implements Label {
  /** The model sampled an end-of-sequence token; it is the last of the completion's ids. */
  EOS("eos"),
  /** The limit of completion tokens was reached. */
  LENGTH("length"),
  /** The model's context was full. */
  CONTEXT("context"),
  /** The engine failed; the completion may be empty. */
  ERROR("error");

  private final String label;

  FinishReason(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

package io.rephrase.data;

/** How a verifier came to its reward. */
public enum VerdictStatus implements Label {
  /** The answer is right. */
  CORRECT("correct"),
  /** An answer was found and is not right. */
  WRONG("wrong"),
  /** No answer was found in the completion. */
  NO_ANSWER("no-answer"),
  /** The reference answer cannot be read: the data's fault, never scored. */
  UNPARSEABLE_GOLD("unparseable-gold"),
  /** Comparing took more steps than allowed; scored 0. */
  BUDGET_EXCEEDED("budget-exceeded"),
  /** The judge gave no usable answer: no reward, to be asked again. */
  JUDGE_FAILED("judge-failed");

  private final String label;

  VerdictStatus(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

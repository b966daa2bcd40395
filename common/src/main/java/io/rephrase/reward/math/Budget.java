package io.rephrase.reward.math;

/** Steps that one comparison may still spend. Not thread-safe; one a comparison. */
public final class Budget {

  /** Enough for any answer a person would write; about 100 ms at the very most. */
  public static final int DEFAULT_STEPS = 200_000;

  private long stepsLeft;

  /** A fresh budget of {@code steps}. */
  public Budget(int steps) {
    this.stepsLeft = steps;
  }

  /** Takes {@code steps} away, or throws {@link Exceeded} where too few are left. */
  void spend(long steps) {
    stepsLeft -= steps;
    if (stepsLeft < 0) {
      throw new Exceeded();
    }
  }

  /** The budget is spent. Stackless: it is a branch, not a fault. */
  public static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded() {
      super("the comparison took more steps than its budget allows", null, false, false);
    }
  }
}

package io.rephrase.data;

/**
 * Which of train, tuning and test a problem belongs to: a function of its text alone (90/5/5), so
 * that a problem is on the same side in every run, warm start included.
 */
public enum HashSplit implements Label {
  /** Learned from, warm start too. */
  TRAIN("train"),
  /** Settings are chosen on it. */
  TUNING("tuning"),
  /** Read once, at the end. */
  TEST("test");

  private static final int TRAIN_PERCENT = 90;
  private static final int TUNING_PERCENT = 5;

  private final String label;

  HashSplit(String label) {
    this.label = label;
  }

  /** The split of a problem's text: the first four bytes of its SHA-256, modulo 100. */
  public static HashSplit of(String question) {
    byte[] digest = Sha256.of(question);
    long head = 0;
    for (int i = 0; i < 4; i++) {
      head = head << 8 | (digest[i] & 0xff);
    }
    long percent = head % 100;
    if (percent < TRAIN_PERCENT) {
      return TRAIN;
    }
    return percent < TRAIN_PERCENT + TUNING_PERCENT ? TUNING : TEST;
  }

  @Override
  public String label() {
    return label;
  }
}

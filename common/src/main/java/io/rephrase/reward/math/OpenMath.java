package io.rephrase.reward.math;

/**
 * Whether mathematics is open at a place of a text; asked from front to back, each sign is read
 * once.
 */
final class OpenMath {

  private static final String[] OPENING = {"\\[", "\\(", "\\begin{"};
  private static final String[] CLOSING = {"\\]", "\\)", "\\end{"};

  private final String text;
  private final boolean[] open = new boolean[OPENING.length];
  private boolean dollar;
  private int at;

  OpenMath(String text) {
    this.text = text;
  }

  /** Whether what begins before {@code end} is not closed there. No smaller than the one before. */
  boolean before(int end) {
    for (; at < end; at++) {
      char c = text.charAt(at);
      dollar ^= c == '$';
      for (int kind = 0; c == '\\' && kind < open.length; kind++) {
        open[kind] =
            startsWith(OPENING[kind], end) || open[kind] && !startsWith(CLOSING[kind], end);
      }
    }
    return dollar || open[0] || open[1] || open[2];
  }

  private boolean startsWith(String sign, int end) {
    return at + sign.length() <= end && text.startsWith(sign, at);
  }
}

package io.rephrase.reward.math;

/** One sign of an answer. {@code spaced} tells whether white space came before it. */
record Token(Kind kind, String text, boolean spaced) {

  /** What a token is. */
  enum Kind {
    NUMBER,
    LETTER,
    MACRO,
    WORD,
    SIGN,
    END
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  boolean isMacro(String name) {
    return kind == Kind.MACRO && text.equals(name);
  }
}

package io.rephrase.reward.math;

import io.rephrase.reward.math.Token.Kind;
import java.util.List;

/** Tokens under a cursor, with a limit on nesting so that recursion stays shallow. */
final class TokenStream {

  private static final int MAX_DEPTH = 60;

  private final List<Token> tokens;
  private int at;
  private int depth;

  /** The tokens, the last of them {@link Kind#END}. */
  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean accept(String sign) {
    if (peek().is(sign)) {
      next();
      return true;
    }
    return false;
  }

  void expect(String sign) {
    if (!accept(sign)) {
      throw new Failure();
    }
  }

  boolean atEnd() {
    return peek().kind() == Kind.END;
  }

  int mark() {
    return at;
  }

  void reset(int mark) {
    at = mark;
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new Failure();
    }
  }

  void leave() {
    depth--;
  }

  /** The text is no expression of the grammar. Stackless: it is a branch, not a fault. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure() {
      super("not an expression", null, false, false);
    }
  }
}

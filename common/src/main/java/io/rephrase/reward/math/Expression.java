package io.rephrase.reward.math;

import java.util.List;

/** An answer as a tree: scalars, and the structures answers come in. Immutable. */
sealed interface Expression {

  /**
   * A literal number.
   *
   * @param roundedDigits significant digits where it was written with a decimal point, else 0
   */
  record Number(Rational value, int roundedDigits) implements Expression {}

  /** A variable or a constant: {@code x}, {@code pi}, {@code e}, {@code i}, {@code ∞}. */
  record Symbol(String name) implements Expression {}

  record Sum(List<Expression> terms) implements Expression {}

  record Product(List<Expression> factors) implements Expression {}

  record Power(Expression base, Expression exponent) implements Expression {}

  /** A named function; also {@code percent} and {@code degrees}. */
  record Call(String function, List<Expression> arguments) implements Expression {}

  /** Both signs at once; {@code sign} is 1 for ± and -1 for ∓. */
  record PlusMinus(Expression value, int sign) implements Expression {}

  /** Several values without order: written bare or in braces. */
  record Several(List<Expression> elements, boolean braced) implements Expression {}

  /** Two or more elements in brackets: a tuple, a point or an interval. */
  record Bracketed(char open, char close, List<Expression> elements) implements Expression {}

  record Matrix(List<List<Expression>> rows) implements Expression {}

  /** A chain {@code a < b = c}: one operator fewer than sides. */
  record Relation(List<Expression> sides, List<String> operators) implements Expression {}

  /** A union of intervals or sets. */
  record Union(List<Expression> parts) implements Expression {}

  /** Plain words. */
  record Words(String text) implements Expression {}

  static Expression integer(long value) {
    return new Number(Rational.of(value), 0);
  }

  static Expression negated(Expression value) {
    if (value instanceof Number number) {
      return new Number(number.value().negate(), number.roundedDigits());
    }
    return new Product(List.of(integer(-1), value));
  }

  static Expression quotient(Expression numerator, Expression denominator) {
    return new Product(List.of(numerator, new Power(denominator, integer(-1))));
  }
}

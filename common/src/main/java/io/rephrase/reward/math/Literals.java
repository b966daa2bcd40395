package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Number;
import java.math.BigInteger;

/** Numbers as they are written. */
final class Literals {

  private Literals() {}

  /** A literal: integers, decimals, {@code 1.5e3}. */
  static Number number(String digits) {
    int exponentAt = Math.max(digits.indexOf('e'), digits.indexOf('E'));
    String mantissa = exponentAt < 0 ? digits : digits.substring(0, exponentAt);
    int exponent = exponentAt < 0 ? 0 : Integer.parseInt(digits.substring(exponentAt + 1));
    int point = mantissa.indexOf('.');
    int decimals = point < 0 ? 0 : mantissa.length() - point - 1;
    String plain = mantissa.replace(".", "");
    if (plain.length() > 3000 || Math.abs(exponent) > 3000) {
      throw new TokenStream.Failure();
    }
    int power = exponent - decimals;
    BigInteger value = new BigInteger(plain);
    Rational scale = Rational.of(BigInteger.TEN.pow(Math.abs(power)));
    Rational rational = Rational.of(value);
    rational = power >= 0 ? rational.times(scale) : rational.times(scale.inverse());
    return new Number(rational, decimals == 0 ? 0 : value.toString().length());
  }

  /** Digits in another base, {@code 101_2}. */
  static Expression based(String digits, Expression base) {
    if (base instanceof Number radix
        && radix.value().compareTo(Rational.of(2)) >= 0
        && radix.value().compareTo(Rational.of(36)) <= 0
        && radix.value().isInteger()) {
      int value = radix.value().numerator().intValueExact();
      if (digits.chars().allMatch(digit -> Character.digit(digit, value) >= 0)) {
        return new Number(Rational.of(new BigInteger(digits, value)), 0);
      }
    }
    throw new TokenStream.Failure();
  }

  /**
   * A decimal with a repeating end, {@code 0.1\overline{6}}: its start, and the digits of the end.
   */
  static Expression repeating(String start, String period) {
    boolean digits = period.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || period.length() > 3000 || start.matches(".*[eE].*")) {
      throw new TokenStream.Failure();
    }
    String head = start.endsWith(".") ? start + "0" : start;
    int decimals = start.length() - start.indexOf('.') - 1;
    BigInteger nines = BigInteger.TEN.pow(period.length()).subtract(BigInteger.ONE);
    Rational tail =
        Rational.of(new BigInteger(period))
            .times(Rational.of(nines.multiply(BigInteger.TEN.pow(decimals))).inverse());
    return new Number(number(head).value().plus(tail), 0);
  }
}

package io.rephrase.reward.math;

import java.math.BigInteger;

/**
 * An exact fraction in lowest terms, denominator positive. Sizes are the caller's concern: see
 * {@link #bits()}.
 */
record Rational(BigInteger numerator, BigInteger denominator) implements Comparable<Rational> {

  static final Rational ZERO = of(0);
  static final Rational ONE = of(1);
  static final Rational MINUS_ONE = of(-1);
  static final Rational HALF = of(1, 2);

  Rational {
    if (denominator.signum() <= 0) {
      throw new IllegalArgumentException("denominator must be positive, got " + denominator);
    }
    if (!denominator.equals(BigInteger.ONE)) {
      BigInteger divisor = numerator.gcd(denominator);
      if (!divisor.equals(BigInteger.ONE)) {
        numerator = numerator.divide(divisor);
        denominator = denominator.divide(divisor);
      }
    }
  }

  static Rational of(long value) {
    return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
  }

  static Rational of(long numerator, long denominator) {
    return new Rational(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  static Rational of(BigInteger value) {
    return new Rational(value, BigInteger.ONE);
  }

  int bits() {
    return numerator.bitLength() + denominator.bitLength();
  }

  boolean isInteger() {
    return denominator.equals(BigInteger.ONE);
  }

  boolean isZero() {
    return numerator.signum() == 0;
  }

  int signum() {
    return numerator.signum();
  }

  Rational plus(Rational other) {
    if (isInteger() && other.isInteger()) {
      return of(numerator.add(other.numerator));
    }
    return new Rational(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  Rational negate() {
    return new Rational(numerator.negate(), denominator);
  }

  Rational minus(Rational other) {
    return plus(other.negate());
  }

  Rational times(Rational other) {
    return new Rational(
        numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  /** One over this; this must not be zero. */
  Rational inverse() {
    return signum() < 0
        ? new Rational(denominator.negate(), numerator.negate())
        : new Rational(denominator, numerator);
  }

  /** This to an integer power; zero to a negative power is the caller's mistake. */
  Rational pow(int exponent) {
    Rational base = exponent < 0 ? inverse() : this;
    int times = Math.abs(exponent);
    return new Rational(base.numerator.pow(times), base.denominator.pow(times));
  }

  Rational abs() {
    return signum() < 0 ? negate() : this;
  }

  /** Nearest double, infinite where out of range; correct for operands of any size. */
  double toDouble() {
    int shift = Math.max(0, Math.max(numerator.bitLength(), denominator.bitLength()) - 1000);
    if (shift == 0) {
      return numerator.doubleValue() / denominator.doubleValue();
    }
    int difference = numerator.bitLength() - denominator.bitLength();
    int scale = 80 - difference;
    BigInteger quotient =
        scale >= 0
            ? numerator.shiftLeft(scale).divide(denominator)
            : numerator.divide(denominator.shiftLeft(-scale));
    return Math.scalb(quotient.doubleValue(), -scale);
  }

  @Override
  public int compareTo(Rational other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  @Override
  public String toString() {
    return isInteger()
        ? numerator.toString(36)
        : numerator.toString(36) + "/" + denominator.toString(36);
  }
}

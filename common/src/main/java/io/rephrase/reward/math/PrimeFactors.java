package io.rephrase.reward.math;

import java.math.BigInteger;
import java.util.TreeMap;

/** Splits numbers into small primes and a rest, by trial division within a budget. */
final class PrimeFactors {

  private static final int MAX_PRIME = 5_000;

  private final Budget budget;

  PrimeFactors(Budget budget) {
    this.budget = budget;
  }

  /** Adds the prime factors of a positive number, each to {@code exponent}. */
  void add(BigInteger number, Rational exponent, TreeMap<String, Rational> primes) {
    BigInteger rest = number;
    for (int prime = 2;
        prime < MAX_PRIME && rest.compareTo(BigInteger.ONE) > 0;
        prime += prime == 2 ? 1 : 2) {
      if (BigInteger.valueOf((long) prime * prime).compareTo(rest) > 0) {
        break;
      }
      budget.spend(1 + rest.bitLength() / 256);
      BigInteger divisor = BigInteger.valueOf(prime);
      int times = 0;
      for (BigInteger[] parts = rest.divideAndRemainder(divisor);
          parts[1].signum() == 0;
          parts = rest.divideAndRemainder(divisor)) {
        budget.spend(1 + rest.bitLength() / 256);
        rest = parts[0];
        times++;
      }
      merge(primes, divisor, exponent.times(Rational.of(times)));
    }
    BigInteger root = rest.sqrt();
    boolean square = root.multiply(root).equals(rest);
    if (rest.compareTo(BigInteger.ONE) > 0) {
      merge(primes, square ? root : rest, square ? exponent.times(Rational.of(2)) : exponent);
    }
  }

  private static void merge(TreeMap<String, Rational> primes, BigInteger prime, Rational exponent) {
    if (!exponent.isZero()) {
      primes.merge("p:" + prime.toString(36), exponent, Rational::plus);
    }
  }
}

package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Call;
import io.rephrase.reward.math.Expression.Number;
import io.rephrase.reward.math.Expression.Power;
import io.rephrase.reward.math.Expression.Product;
import io.rephrase.reward.math.Expression.Sum;
import io.rephrase.reward.math.Expression.Symbol;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings scalars into canonical form with exact arithmetic. Sums and products are expanded, roots
 * of integers split into primes; what cannot be taken apart stays an opaque atom named after its
 * own canonical parts.
 */
final class Canonicalizer {

  private static final int MAX_BITS = 12_000;
  private static final int MAX_EXPANSION = 40;

  private static final String INFINITY = "v:∞";

  private final Budget budget;
  private final PrimeFactors primeFactors;

  Canonicalizer(Budget budget) {
    this.budget = budget;
    this.primeFactors = new PrimeFactors(budget);
  }

  /** Whether two different canonical forms with these atoms must differ in value. */
  static boolean decides(Polynomial polynomial) {
    return !polynomial.hasAtom("o:") && !polynomial.hasAtom("x:") && !isUndefined(polynomial);
  }

  static boolean isUndefined(Polynomial polynomial) {
    return polynomial.hasAtom("u:");
  }

  Polynomial of(Expression expression) {
    budget.spend(3);
    if (expression instanceof Number number) {
      return Polynomial.constant(number.value());
    }
    if (expression instanceof Symbol symbol) {
      return symbol(symbol.name());
    }
    if (expression instanceof Sum sum) {
      Polynomial total = Polynomial.zero();
      boolean infinite = false;
      for (Expression term : sum.terms()) {
        Polynomial value = of(term);
        if (isUndefined(value)) {
          return value;
        }
        total = total.plus(value, budget);
        infinite |= value.hasAtom(INFINITY);
      }
      return infinite && !total.hasAtom(INFINITY) ? undefined() : total;
    }
    if (expression instanceof Product product) {
      Polynomial total = Polynomial.constant(Rational.ONE);
      boolean infinite = false;
      for (Expression factor : product.factors()) {
        Polynomial value = of(factor);
        if (isUndefined(value)) {
          return value;
        }
        total = total.times(value, budget);
        infinite |= value.hasAtom(INFINITY);
      }
      return infinite && !total.hasAtom(INFINITY) ? undefined() : total;
    }
    if (expression instanceof Power power) {
      return power(of(power.base()), of(power.exponent()));
    }
    if (expression instanceof Call call) {
      return call(call);
    }
    return opaque("s:" + expression);
  }

  private static Polynomial symbol(String name) {
    return switch (name) {
      case "pi" -> Polynomial.atom("c:pi", Rational.ONE);
      case "e" -> Polynomial.atom("c:e", Rational.ONE);
      case "i" -> Polynomial.atom("i", Rational.ONE);
      default -> Polynomial.atom("v:" + name, Rational.ONE);
    };
  }

  private Polynomial opaque(String name) {
    budget.spend(1 + name.length() / 16);
    return Polynomial.atom("o:" + name, Rational.ONE);
  }

  private static Polynomial undefined() {
    return Polynomial.atom("u:", Rational.ONE);
  }

  private Polynomial call(Call call) {
    List<Polynomial> arguments = call.arguments().stream().map(this::of).toList();
    Polynomial last = arguments.get(arguments.size() - 1);
    boolean constant = arguments.stream().allMatch(Polynomial::isConstant);
    switch (call.function()) {
      case "percent":
        return last.scaled(Rational.of(1, 100), budget);
      case "degrees":
        return last.times(Polynomial.atom("c:pi", Rational.ONE), budget)
            .scaled(Rational.of(1, 180), budget);
      case "factorial":
        if (constant && small(last.constantValue(), 1000)) {
          return Polynomial.constant(product(1, last.constantValue().numerator().intValue()));
        }
        break;
      case "binom":
        if (constant
            && small(arguments.get(0).constantValue(), 2000)
            && small(last.constantValue(), 2000)) {
          return Polynomial.constant(
              binomial(
                  arguments.get(0).constantValue().numerator().intValue(),
                  last.constantValue().numerator().intValue()));
        }
        break;
      case "abs":
        if (constant) {
          return Polynomial.constant(last.constantValue().abs());
        }
        break;
      default:
        break;
    }
    StringBuilder name = new StringBuilder(call.function().equals("log") ? "ln" : call.function());
    arguments.forEach(argument -> name.append('(').append(argument.key()).append(')'));
    return arguments.stream().anyMatch(Canonicalizer::isUndefined)
        ? undefined()
        : opaque(name.toString());
  }

  private static boolean small(Rational value, int limit) {
    return value.isInteger() && value.signum() >= 0 && value.compareTo(Rational.of(limit)) <= 0;
  }

  private Rational product(int from, int to) {
    BigInteger result = BigInteger.ONE;
    for (int factor = from; factor <= to; factor++) {
      budget.spend(1 + result.bitLength() / 512);
      result = result.multiply(BigInteger.valueOf(factor));
    }
    return Rational.of(result);
  }

  private Rational binomial(int n, int k) {
    if (k > n) {
      return Rational.ZERO;
    }
    int smaller = Math.min(k, n - k);
    return product(n - smaller + 1, n).times(product(1, smaller).inverse());
  }

  Polynomial power(Polynomial base, Polynomial exponent) {
    if (isUndefined(base) || isUndefined(exponent)) {
      return undefined();
    }
    if (exponent.isConstant()) {
      return rationalPower(base, exponent.constantValue());
    }
    boolean positive =
        base.isConstant() && base.constantValue().signum() > 0
            || base.equals(Polynomial.atom("c:e", Rational.ONE));
    return positive ? exponential(base, exponent) : opaque(powerName(base, exponent));
  }

  private static String powerName(Polynomial base, Polynomial exponent) {
    return "(" + base.key() + ")^(" + exponent.key() + ")";
  }

  /** b^(c1·m1 + …) as a product of atoms b^m, so that 2^(n+1) is 2·2^n. */
  private Polynomial exponential(Polynomial base, Polynomial exponent) {
    if (!base.isConstant()) {
      return exponentialOf("e", exponent);
    }
    Polynomial result = Polynomial.constant(Rational.ONE);
    TreeMap<String, Rational> primes = new TreeMap<>();
    primeFactors.add(base.constantValue().numerator(), Rational.ONE, primes);
    primeFactors.add(base.constantValue().denominator(), Rational.MINUS_ONE, primes);
    for (Map.Entry<String, Rational> prime : primes.entrySet()) {
      Polynomial scaled = exponent.scaled(prime.getValue(), budget);
      result = result.times(exponentialOf(prime.getKey(), scaled), budget);
    }
    return result;
  }

  private Polynomial exponentialOf(String base, Polynomial exponent) {
    Polynomial result = Polynomial.constant(Rational.ONE);
    for (Polynomial.Term term : exponent.terms().values()) {
      Polynomial factor;
      if (term.monomial().isEmpty()) {
        Polynomial root =
            base.equals("e")
                ? Polynomial.atom("c:e", Rational.ONE)
                : Polynomial.constant(Rational.of(new BigInteger(base.substring(2), 36)));
        factor = rationalPower(root, term.coefficient());
      } else {
        factor = Polynomial.atom("x:" + base + "^" + term.monomial(), term.coefficient());
      }
      result = result.times(factor, budget);
    }
    return result;
  }

  private Polynomial rationalPower(Polynomial base, Rational exponent) {
    if (exponent.isZero()) {
      return base.isZero() ? undefined() : Polynomial.constant(Rational.ONE);
    }
    if (base.isZero()) {
      return exponent.signum() < 0 ? undefined() : base;
    }
    if (exponent.equals(Rational.ONE)) {
      return base;
    }
    if (base.terms().size() == 1) {
      return monomialPower(base, exponent);
    }
    if (exponent.isInteger() && exponent.bits() < 20) {
      int power = exponent.numerator().intValue();
      if (power > 0 && power <= MAX_EXPANSION) {
        return expand(base, power);
      }
      if (power < 0 && power >= -MAX_EXPANSION) {
        return expand(inverse(base), -power);
      }
    }
    return opaque(powerName(base, Polynomial.constant(exponent)));
  }

  private Polynomial expand(Polynomial base, int power) {
    Polynomial result = base;
    for (int times = 1; times < power; times++) {
      result = result.times(base, budget);
    }
    return result;
  }

  /** One over a sum: rationalised where it is a + b√c, else an atom scaled to lead with one. */
  private Polynomial inverse(Polynomial base) {
    Polynomial.Term lead = base.terms().firstEntry().getValue();
    if (base.terms().size() == 2 && !base.hasAtom("v:") && !base.hasAtom("c:") && decides(base)) {
      Polynomial first = Polynomial.term(lead.monomial(), lead.coefficient());
      Polynomial conjugate = first.scaled(Rational.of(2), budget).minus(base, budget);
      Polynomial norm = base.times(conjugate, budget);
      if (norm.isConstant() && !norm.isZero()) {
        return conjugate.scaled(norm.constantValue().inverse(), budget);
      }
    }
    Rational scale = lead.coefficient().inverse();
    Polynomial monic = base.scaled(scale, budget);
    String name = "(" + monic.key() + ")";
    budget.spend(1 + name.length() / 16);
    return Polynomial.atom("o:" + name, Rational.MINUS_ONE).scaled(scale, budget);
  }

  private Polynomial monomialPower(Polynomial base, Rational exponent) {
    Polynomial.Term term = base.terms().firstEntry().getValue();
    boolean whole = exponent.isInteger();
    boolean rootable =
        term.monomial().entrySet().stream()
            .allMatch(
                atom ->
                    atom.getKey().startsWith("c:")
                        || atom.getKey().startsWith("p:")
                        || atom.getKey().startsWith("v:")
                            && term.monomial().size() == 1
                            && atom.getValue().equals(Rational.ONE)
                            && term.coefficient().signum() > 0);
    if (!whole && !rootable) {
      return opaque(powerName(base, Polynomial.constant(exponent)));
    }
    if (exponent.bits() > 40) {
      return opaque(powerName(base, Polynomial.constant(exponent)));
    }
    TreeMap<String, Rational> monomial = new TreeMap<>();
    term.monomial().forEach((key, value) -> monomial.put(key, value.times(exponent)));
    Rational factor = Polynomial.reduce(monomial);
    Polynomial coefficient = numberPower(term.coefficient(), exponent);
    return Polynomial.term(monomial, factor).times(coefficient, budget);
  }

  private Polynomial numberPower(Rational value, Rational exponent) {
    if (exponent.isInteger()) {
      BigInteger power = exponent.numerator();
      if (value.abs().equals(Rational.ONE)) {
        return Polynomial.constant(power.testBit(0) ? value : Rational.ONE);
      }
      if (power.bitLength() > 20 || (long) value.bits() * Math.abs(power.longValue()) > MAX_BITS) {
        return opaque(powerName(Polynomial.constant(value), Polynomial.constant(exponent)));
      }
      budget.spend(100);
      return Polynomial.constant(value.pow(power.intValue()));
    }
    Polynomial sign = Polynomial.constant(Rational.ONE);
    if (value.signum() < 0) {
      if (exponent.denominator().equals(BigInteger.TWO)) {
        sign = monomialPower(Polynomial.atom("i", Rational.ONE), Rational.of(exponent.numerator()));
      } else if (exponent.denominator().testBit(0)) {
        sign =
            Polynomial.constant(
                exponent.numerator().testBit(0) ? Rational.MINUS_ONE : Rational.ONE);
      } else {
        return opaque(powerName(Polynomial.constant(value), Polynomial.constant(exponent)));
      }
    }
    TreeMap<String, Rational> primes = new TreeMap<>();
    primeFactors.add(value.abs().numerator(), exponent, primes);
    primeFactors.add(value.denominator(), exponent.negate(), primes);
    Rational whole = Polynomial.reduce(primes);
    return Polynomial.term(primes, whole).times(sign, budget);
  }
}

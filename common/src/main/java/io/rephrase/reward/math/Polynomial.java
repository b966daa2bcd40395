package io.rephrase.reward.math;

import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A sum of rational multiples of monomials, the canonical form of a scalar. A monomial maps atoms
 * to rational exponents; atoms are variables ({@code v:x}), constants ({@code c:pi}), {@code i},
 * roots of integers ({@code p:2} to a power below one) and terms left as they are ({@code o:…}).
 * Immutable in use.
 */
final class Polynomial {

  private static final int MAX_BITS = 12_000;
  private static final int MAX_TERMS = 400;

  private final TreeMap<String, Term> terms;

  /** One monomial and its coefficient. */
  record Term(TreeMap<String, Rational> monomial, Rational coefficient) {}

  private Polynomial(TreeMap<String, Term> terms) {
    this.terms = terms;
  }

  static Polynomial zero() {
    return new Polynomial(new TreeMap<>());
  }

  static Polynomial constant(Rational value) {
    return term(new TreeMap<>(), value);
  }

  static Polynomial atom(String key, Rational exponent) {
    TreeMap<String, Rational> monomial = new TreeMap<>();
    if (!exponent.isZero()) {
      monomial.put(key, exponent);
    }
    return term(monomial, Rational.ONE);
  }

  static Polynomial term(TreeMap<String, Rational> monomial, Rational coefficient) {
    TreeMap<String, Term> terms = new TreeMap<>();
    if (!coefficient.isZero()) {
      terms.put(monomial.toString(), new Term(monomial, coefficient));
    }
    return new Polynomial(terms);
  }

  TreeMap<String, Term> terms() {
    return terms;
  }

  boolean isZero() {
    return terms.isEmpty();
  }

  boolean isConstant() {
    return terms.isEmpty()
        || terms.size() == 1 && terms.firstEntry().getValue().monomial().isEmpty();
  }

  /** The value of a constant polynomial. */
  Rational constantValue() {
    return terms.isEmpty() ? Rational.ZERO : terms.firstEntry().getValue().coefficient();
  }

  /** Whether an atom starts with {@code prefix}. */
  boolean hasAtom(String prefix) {
    return terms.values().stream()
        .anyMatch(
            term -> term.monomial().keySet().stream().anyMatch(key -> key.startsWith(prefix)));
  }

  Polynomial plus(Polynomial other, Budget budget) {
    TreeMap<String, Term> sum = new TreeMap<>(terms);
    other.terms.forEach((key, term) -> add(sum, key, term, budget));
    return new Polynomial(sum);
  }

  Polynomial scaled(Rational factor, Budget budget) {
    return times(constant(factor), budget);
  }

  Polynomial minus(Polynomial other, Budget budget) {
    return plus(other.scaled(Rational.MINUS_ONE, budget), budget);
  }

  Polynomial times(Polynomial other, Budget budget) {
    TreeMap<String, Term> product = new TreeMap<>();
    for (Term left : terms.values()) {
      for (Term right : other.terms.values()) {
        Term term = multiply(left, right, budget);
        add(product, term.monomial().toString(), term, budget);
      }
    }
    return new Polynomial(product);
  }

  private static void add(TreeMap<String, Term> sum, String key, Term term, Budget budget) {
    Term before = sum.get(key);
    if (before == null) {
      if (!term.coefficient().isZero()) {
        budget.spend(1 + key.length() / 16);
        sum.put(key, term);
      }
    } else {
      charge(before.coefficient(), term.coefficient(), budget);
      Rational coefficient = before.coefficient().plus(term.coefficient());
      if (coefficient.isZero()) {
        sum.remove(key);
      } else {
        sum.put(key, new Term(term.monomial(), coefficient));
      }
    }
    if (sum.size() > MAX_TERMS) {
      throw new Budget.Exceeded();
    }
  }

  private static Term multiply(Term left, Term right, Budget budget) {
    charge(left.coefficient(), right.coefficient(), budget);
    Rational coefficient = left.coefficient().times(right.coefficient());
    if (left.monomial().isEmpty() || right.monomial().isEmpty()) {
      return new Term(left.monomial().isEmpty() ? right.monomial() : left.monomial(), coefficient);
    }
    budget.spend(left.monomial().size() + right.monomial().size());
    TreeMap<String, Rational> monomial = new TreeMap<>(left.monomial());
    for (Map.Entry<String, Rational> entry : right.monomial().entrySet()) {
      Rational exponent =
          monomial.getOrDefault(entry.getKey(), Rational.ZERO).plus(entry.getValue());
      if (exponent.isZero()) {
        monomial.remove(entry.getKey());
      } else {
        monomial.put(entry.getKey(), exponent);
      }
    }
    return new Term(monomial, coefficient.times(reduce(monomial)));
  }

  /** Takes whole powers out of roots and i; returns the factor taken out. */
  static Rational reduce(TreeMap<String, Rational> monomial) {
    Rational factor = Rational.ONE;
    for (String key : monomial.keySet().toArray(String[]::new)) {
      Rational exponent = Objects.requireNonNull(monomial.get(key));
      if (key.equals("i")) {
        int power = exponent.numerator().mod(BigInteger.valueOf(4)).intValue();
        factor = power >= 2 ? factor.negate() : factor;
        replace(monomial, key, Rational.of(power % 2));
      } else if (key.startsWith("p:")) {
        BigInteger[] whole = exponent.numerator().divideAndRemainder(exponent.denominator());
        int power = whole[0].intValue() - (whole[1].signum() < 0 ? 1 : 0);
        if (power != 0) {
          Rational base = Rational.of(new BigInteger(key.substring(2), 36));
          if ((long) base.bits() * Math.abs((long) power) > MAX_BITS) {
            throw new Budget.Exceeded();
          }
          factor = factor.times(base.pow(power));
          replace(monomial, key, exponent.minus(Rational.of(power)));
        }
      }
    }
    return factor;
  }

  private static void replace(TreeMap<String, Rational> monomial, String key, Rational exponent) {
    if (exponent.isZero()) {
      monomial.remove(key);
    } else {
      monomial.put(key, exponent);
    }
  }

  private static void charge(Rational left, Rational right, Budget budget) {
    int bits = left.bits() + right.bits();
    if (bits > 2 * MAX_BITS) {
      throw new Budget.Exceeded();
    }
    long words = bits / 64;
    budget.spend(1 + words * words / 16);
  }

  /** The c with {@code this = c · other}; none where there is none. */
  Optional<Rational> ratioTo(Polynomial other, Budget budget) {
    if (isZero() || !terms.keySet().equals(other.terms.keySet())) {
      return Optional.empty();
    }
    Rational divisor = other.terms.firstEntry().getValue().coefficient();
    Rational ratio = terms.firstEntry().getValue().coefficient().times(divisor.inverse());
    return Optional.of(ratio).filter(c -> minus(other.scaled(c, budget), budget).isZero());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Polynomial polynomial && key().equals(polynomial.key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  /** A text that equal polynomials share. */
  String key() {
    StringBuilder out = new StringBuilder();
    terms.forEach((key, term) -> out.append(term.coefficient()).append(key).append('+'));
    return out.toString();
  }
}

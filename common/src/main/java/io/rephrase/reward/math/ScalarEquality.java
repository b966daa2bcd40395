package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Call;
import io.rephrase.reward.math.Expression.Number;
import io.rephrase.reward.math.Expression.Power;
import io.rephrase.reward.math.Expression.Product;
import io.rephrase.reward.math.Expression.Sum;
import io.rephrase.reward.math.Expression.Symbol;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether two scalars have the same value: by canonical form where it decides, else by value at
 * seeded points, positive and negative.
 */
final class ScalarEquality {

  private static final int POINTS = 8;
  private static final int POINTS_NEEDED = 3;
  private static final double TOLERANCE = 1e-10;
  private static final int DIGITS_OF_A_ROUNDED_VALUE = 8;
  private static final Set<String> CONSTANTS = Set.of("pi", "e", "i", "∞", "ℝ");

  private final Budget budget;

  ScalarEquality(Budget budget) {
    this.budget = budget;
  }

  boolean equal(Expression gold, Expression answer) {
    if (gold.equals(answer)) {
      return !Canonicalizer.isUndefined(canonicalOrOpaque(gold));
    }
    try {
      Canonicalizer canonicalizer = new Canonicalizer(budget);
      Polynomial left = canonicalizer.of(gold);
      Polynomial right = canonicalizer.of(answer);
      if (Canonicalizer.isUndefined(left) || Canonicalizer.isUndefined(right)) {
        return false;
      }
      if (left.minus(right, budget).isZero()) {
        return true;
      }
      if (Canonicalizer.decides(left) && Canonicalizer.decides(right)) {
        return isAsGood(gold, answer);
      }
    } catch (Budget.Exceeded tooLarge) {
      budget.spend(0);
    }
    return equalAtPoints(gold, answer) || isAsGood(gold, answer);
  }

  /** Equal but for rounding, or for the constant of an antiderivative. */
  private boolean isAsGood(Expression gold, Expression answer) {
    return isRounding(gold, answer)
        || isRounding(answer, gold)
        || hasConstant(gold) && hasConstant(answer) && differByAConstant(gold, answer);
  }

  /** The C of an antiderivative. */
  private static boolean hasConstant(Expression expression) {
    return expression instanceof Sum sum && sum.terms().contains(new Symbol("C"));
  }

  private boolean differByAConstant(Expression gold, Expression answer) {
    Set<String> names = new TreeSet<>();
    collect(gold, names, new TreeSet<>());
    collect(answer, names, new TreeSet<>());
    Complex first = null;
    int agreed = 0;
    for (int index = 0; index < POINTS; index++) {
      Map<String, Double> point = point(names, index);
      Evaluator ofGold = new Evaluator(point, budget);
      Evaluator ofAnswer = new Evaluator(point, budget);
      Complex difference = ofGold.evaluate(gold).minus(ofAnswer.evaluate(answer));
      if (difference.isFinite()) {
        double size = Math.max(1, Math.max(ofGold.largestTerm(), ofAnswer.largestTerm()));
        first = first == null ? difference : first;
        if (difference.minus(first).abs() > TOLERANCE * size) {
          return false;
        }
        agreed++;
      }
    }
    return agreed >= POINTS_NEEDED;
  }

  private Polynomial canonicalOrOpaque(Expression expression) {
    try {
      return new Canonicalizer(budget).of(expression);
    } catch (Budget.Exceeded tooLarge) {
      return Polynomial.zero();
    }
  }

  /** A decimal of eight digits or more may stand for a number it rounds. */
  private boolean isRounding(Expression exact, Expression decimal) {
    if (!(decimal instanceof Number number)
        || number.roundedDigits() < DIGITS_OF_A_ROUNDED_VALUE
        || exact instanceof Number other
            && (other.roundedDigits() > 0 || other.value().isInteger())) {
      return false;
    }
    Complex value = new Evaluator(Map.of(), budget).evaluate(exact);
    double written = number.value().toDouble();
    double unit =
        Math.pow(10, Math.floor(Math.log10(Math.abs(written))) + 1 - number.roundedDigits());
    return value.isFinite()
        && value.isReal()
        && Math.abs(value.re() - written) <= Math.min(unit, Math.abs(written) * 5e-8);
  }

  private boolean equalAtPoints(Expression gold, Expression answer) {
    Set<String> names = new TreeSet<>();
    Set<String> functions = new TreeSet<>();
    collect(gold, names, functions);
    collect(answer, names, functions);
    boolean whole = functions.contains("factorial") || functions.contains("binom");
    boolean absolute = functions.contains("abs");
    int points = names.isEmpty() ? 1 : POINTS;
    int agreed = 0;
    for (int index = 0; index < points; index++) {
      Map<String, Double> point = whole ? wholePoint(names, index) : point(names, index);
      Evaluator ofGold = new Evaluator(point, budget);
      Evaluator ofAnswer = new Evaluator(point, budget);
      Complex left = ofGold.evaluate(gold);
      Complex right = ofAnswer.evaluate(answer);
      if (!left.isFinite() || !right.isFinite()) {
        if (left.isFinite() && left.isReal() && !isLarge(left) && !whole) {
          return false;
        }
        continue;
      }
      if (!close(left, right, Math.max(ofGold.largestTerm(), ofAnswer.largestTerm()))) {
        boolean otherDomain = left.isReal() && !right.isReal() && !absolute;
        if (left.isReal() && !otherDomain || names.isEmpty() || index < POINTS / 2) {
          return false;
        }
        continue;
      }
      agreed++;
    }
    return agreed >= Math.min(points, POINTS_NEEDED);
  }

  private static boolean isLarge(Complex value) {
    return value.abs() > 1e200;
  }

  private static boolean close(Complex left, Complex right, double largestTerm) {
    double difference = left.minus(right).abs();
    double size = Math.max(left.abs(), right.abs());
    return difference <= TOLERANCE * size || difference <= 1e-14 * largestTerm;
  }

  /** The first half of the points is positive, the second of either sign. */
  private static Map<String, Double> point(Set<String> names, int index) {
    Map<String, Double> point = new HashMap<>();
    for (String name : names) {
      long bits = name.chars().asLongStream().reduce(index + 1L, (hash, c) -> hash * 1_000_003 + c);
      bits ^= bits >>> 33;
      bits *= 0xff51afd7ed558ccdL;
      bits ^= bits >>> 29;
      double unit = (bits >>> 11) * 0x1.0p-53;
      double value = 0.3 + 2.6 * unit;
      point.put(name, index >= POINTS / 2 && (index % 2 == 0 || (bits & 1) == 0) ? -value : value);
    }
    return point;
  }

  /** Whole numbers from 2 to 11, for factorials. */
  private static Map<String, Double> wholePoint(Set<String> names, int index) {
    Map<String, Double> point = point(names, index);
    point.replaceAll((name, value) -> 2 + Math.rint(Math.abs(value) * 3));
    return point;
  }

  private void collect(Expression expression, Set<String> names, Set<String> functions) {
    budget.spend(1);
    if (expression instanceof Symbol symbol) {
      if (!CONSTANTS.contains(symbol.name())) {
        names.add(symbol.name());
      }
    } else if (expression instanceof Sum sum) {
      sum.terms().forEach(term -> collect(term, names, functions));
    } else if (expression instanceof Product product) {
      product.factors().forEach(factor -> collect(factor, names, functions));
    } else if (expression instanceof Power power) {
      collect(power.base(), names, functions);
      collect(power.exponent(), names, functions);
    } else if (expression instanceof Call call) {
      functions.add(call.function());
      call.arguments().forEach(argument -> collect(argument, names, functions));
    }
  }
}

package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Call;
import io.rephrase.reward.math.Expression.Number;
import io.rephrase.reward.math.Expression.Power;
import io.rephrase.reward.math.Expression.Product;
import io.rephrase.reward.math.Expression.Sum;
import io.rephrase.reward.math.Expression.Symbol;
import java.util.List;
import java.util.Map;

/**
 * The value of a scalar at a point, in doubles. Remembers the largest summand seen, so that what
 * cancels can be told from what is small. Undefined values are NaN.
 */
final class Evaluator {

  private final Map<String, Double> point;
  private final Budget budget;
  private double largestTerm;

  Evaluator(Map<String, Double> point, Budget budget) {
    this.point = point;
    this.budget = budget;
  }

  double largestTerm() {
    return largestTerm;
  }

  Complex evaluate(Expression expression) {
    budget.spend(2);
    if (expression instanceof Number number) {
      return Complex.real(number.value().toDouble());
    }
    if (expression instanceof Symbol symbol) {
      return symbol(symbol.name());
    }
    if (expression instanceof Sum sum) {
      Complex total = Complex.real(0);
      for (Expression term : sum.terms()) {
        Complex value = evaluate(term);
        largestTerm = Math.max(largestTerm, value.abs());
        total = total.plus(value);
      }
      return total;
    }
    if (expression instanceof Product product) {
      Complex total = Complex.ONE;
      for (Expression factor : product.factors()) {
        total = total.times(evaluate(factor));
      }
      return total;
    }
    if (expression instanceof Power power) {
      return power(power);
    }
    if (expression instanceof Call call) {
      return call(call);
    }
    return Complex.NAN;
  }

  private Complex symbol(String name) {
    return switch (name) {
      case "pi" -> Complex.real(Math.PI);
      case "e" -> Complex.real(Math.E);
      case "i" -> Complex.I;
      case "∞", "ℝ" -> Complex.NAN;
      default -> Complex.real(point.getOrDefault(name, Double.NaN));
    };
  }

  private Complex power(Power power) {
    Complex base = evaluate(power.base());
    if (power.exponent() instanceof Number number
        && base.im() == 0
        && base.re() < 0
        && number.value().denominator().testBit(0)
        && !number.value().isInteger()) {
      // odd roots of negative numbers are meant to be real
      double size = Math.pow(-base.re(), number.value().toDouble());
      return Complex.real(number.value().numerator().testBit(0) ? -size : size);
    }
    return base.pow(evaluate(power.exponent()));
  }

  private Complex call(Call call) {
    List<Complex> values = call.arguments().stream().map(this::evaluate).toList();
    Complex last = values.get(values.size() - 1);
    if (values.size() > 2) {
      return Complex.NAN;
    }
    if (values.size() == 2) {
      return twoArguments(call.function(), values.get(0), last);
    }
    if (!last.isFinite()) {
      return Complex.NAN;
    }
    return switch (call.function()) {
      case "percent" -> new Complex(last.re() / 100, last.im() / 100);
      case "degrees" -> Complex.real(Math.toRadians(last.re()));
      case "abs" -> Complex.real(last.abs());
      case "ln", "log" -> last.log();
      case "lg" -> last.log().dividedBy(Complex.real(Math.log(10)));
      case "factorial" -> factorial(last);
      case "Re" -> Complex.real(last.re());
      case "Im" -> Complex.real(last.im());
      default ->
          last.im() == 0
              ? Complex.real(real(call.function(), last.re()))
              : ofComplex(call.function(), last);
    };
  }

  private static double real(String function, double x) {
    return switch (function) {
      case "sin" -> Math.sin(x);
      case "cos" -> Math.cos(x);
      case "tan" -> Math.tan(x);
      case "cot" -> 1 / Math.tan(x);
      case "sec" -> 1 / Math.cos(x);
      case "csc" -> 1 / Math.sin(x);
      case "arcsin", "asin" -> Math.asin(x);
      case "arccos", "acos" -> Math.acos(x);
      case "arctan", "atan" -> Math.atan(x);
      case "sinh" -> Math.sinh(x);
      case "cosh" -> Math.cosh(x);
      case "tanh" -> Math.tanh(x);
      case "floor" -> Math.floor(x);
      case "ceil" -> Math.ceil(x);
      default -> Double.NaN;
    };
  }

  private static Complex ofComplex(String function, Complex z) {
    Complex plus = Complex.I.times(z).exp();
    Complex minus = Complex.ONE.dividedBy(plus);
    return switch (function) {
      case "sin" -> plus.minus(minus).dividedBy(new Complex(0, 2));
      case "cos" -> plus.plus(minus).dividedBy(Complex.real(2));
      default -> Complex.NAN;
    };
  }

  private static Complex twoArguments(String function, Complex first, Complex second) {
    return switch (function) {
      case "log" -> second.log().dividedBy(first.log());
      case "binom" -> binomial(first, second);
      case "gcd" -> divisor(first.re(), second.re());
      case "lcm" -> first.times(second).dividedBy(divisor(first.re(), second.re()));
      case "max" -> Complex.real(Math.max(first.re(), second.re()));
      case "min" -> Complex.real(Math.min(first.re(), second.re()));
      default -> Complex.NAN;
    };
  }

  private static Complex divisor(double first, double second) {
    boolean whole = first == Math.rint(first) && second == Math.rint(second);
    if (!whole || Math.max(Math.abs(first), Math.abs(second)) > 1e15) {
      return Complex.NAN;
    }
    long a = Math.abs((long) first);
    long b = Math.abs((long) second);
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return Complex.real((double) a);
  }

  private static Complex factorial(Complex value) {
    if (value.im() != 0
        || value.re() < 0
        || value.re() > 170
        || value.re() != Math.rint(value.re())) {
      return Complex.NAN;
    }
    double product = 1;
    for (int factor = 2; factor <= value.re(); factor++) {
      product *= factor;
    }
    return Complex.real(product);
  }

  private static Complex binomial(Complex n, Complex k) {
    if (n.im() != 0 || k.im() != 0 || k.re() != Math.rint(k.re()) || k.re() < 0 || k.re() > 1000) {
      return Complex.NAN;
    }
    double product = 1;
    for (int step = 0; step < k.re(); step++) {
      product *= (n.re() - step) / (step + 1);
    }
    return Complex.real(product);
  }
}

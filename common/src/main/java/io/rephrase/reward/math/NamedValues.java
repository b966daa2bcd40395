package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Bracketed;
import io.rephrase.reward.math.Expression.Call;
import io.rephrase.reward.math.Expression.Product;
import io.rephrase.reward.math.Expression.Relation;
import io.rephrase.reward.math.Expression.Symbol;
import io.rephrase.reward.math.Expression.Words;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Equations that only name what they say: {@code x = 5}, {@code f(2) = 5}, {@code dy/dx = 5}. */
final class NamedValues {

  private NamedValues() {}

  /** The right side of {@code x = 5}, of {@code f(x) = …}, of {@code 2 + 3 = 5}; else itself. */
  static Optional<Expression> value(Expression expression) {
    if (!(expression instanceof Relation relation)) {
      return Optional.of(expression);
    }
    boolean equation =
        relation.operators().stream().allMatch(op -> op.equals("=") || op.equals("∈"));
    Expression name = relation.sides().get(0);
    if (equation
        && relation.sides().size() == 2
        && isConstant(name)
        && relation.sides().get(1) instanceof Symbol) {
      return Optional.of(name);
    }
    if (relation.sides().size() == 2
        && isConstant(name)
        && isConstant(relation.sides().get(1))
        && differ(name, relation.sides().get(1))) {
      return Optional.empty();
    }
    boolean named =
        name instanceof Symbol
            || name instanceof Words
            || name instanceof Call
            || name instanceof Expression.Number
            || relation.sides().size() > 2
            || isConstant(name)
            || name instanceof Product product
                && (product.factors().stream().allMatch(NamedValues::isName)
                    || isFunctionValue(product))
            || name instanceof Bracketed;
    return equation && named
        ? Optional.of(relation.sides().get(relation.sides().size() - 1))
        : Optional.empty();
  }

  /** The same of an answer, whose {@code a + b = 7} says what the sum is. */
  static Optional<Expression> answered(Expression expression) {
    boolean namedSum =
        expression instanceof Relation relation
            && relation.operators().equals(List.of("="))
            && relation.sides().get(0) instanceof Expression.Sum sum
            && sum.terms().stream().allMatch(term -> term instanceof Symbol);
    if (!namedSum) {
      return value(expression);
    }
    List<Expression> sides = ((Relation) expression).sides();
    return Optional.of(sides.get(sides.size() - 1));
  }

  private static boolean differ(Expression left, Expression right) {
    Evaluator evaluator = new Evaluator(Map.of(), new Budget(10_000));
    return !(evaluator.evaluate(left).minus(evaluator.evaluate(right)).abs() < 1e-9);
  }

  private static boolean isName(Expression factor) {
    boolean inverse = factor instanceof Expression.Power power && isProductOfSymbols(power.base());
    return inverse || isProductOfSymbols(factor) || factor instanceof Bracketed;
  }

  private static boolean isProductOfSymbols(Expression expression) {
    return expression instanceof Symbol
        || expression instanceof Product product
            && product.factors().stream().allMatch(factor -> factor instanceof Symbol);
  }

  /** {@code f(2)}, read as a product. */
  private static boolean isFunctionValue(Product product) {
    return product.factors().size() == 2
        && product.factors().get(0) instanceof Symbol
        && product.factors().get(1) instanceof Expression.Number;
  }

  private static boolean isConstant(Expression expression) {
    if (expression instanceof Expression.Sum sum) {
      return sum.terms().stream().allMatch(NamedValues::isConstant);
    }
    if (expression instanceof Product product) {
      return product.factors().stream().allMatch(NamedValues::isConstant);
    }
    if (expression instanceof Expression.Power power) {
      return isConstant(power.base()) && isConstant(power.exponent());
    }
    return expression instanceof Expression.Number;
  }
}

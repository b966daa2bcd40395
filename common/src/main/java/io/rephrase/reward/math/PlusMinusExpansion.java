package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Bracketed;
import io.rephrase.reward.math.Expression.Call;
import io.rephrase.reward.math.Expression.PlusMinus;
import io.rephrase.reward.math.Expression.Power;
import io.rephrase.reward.math.Expression.Product;
import io.rephrase.reward.math.Expression.Relation;
import io.rephrase.reward.math.Expression.Sum;
import java.util.List;

/** The two readings of an expression with ±; all signs of one expression change together. */
final class PlusMinusExpansion {

  private PlusMinusExpansion() {}

  static boolean isIn(Expression expression) {
    return expression instanceof PlusMinus
        || children(expression).stream().anyMatch(PlusMinusExpansion::isIn);
  }

  private static List<Expression> children(Expression expression) {
    if (expression instanceof Sum sum) {
      return sum.terms();
    }
    if (expression instanceof Product product) {
      return product.factors();
    }
    if (expression instanceof Power power) {
      return List.of(power.base(), power.exponent());
    }
    if (expression instanceof Call call) {
      return call.arguments();
    }
    if (expression instanceof Relation relation) {
      return relation.sides();
    }
    return expression instanceof Bracketed bracketed ? bracketed.elements() : List.of();
  }

  /** The reading with the upper signs ({@code sign = 1}) or the lower ones ({@code -1}). */
  static Expression of(Expression expression, int sign) {
    if (expression instanceof PlusMinus both) {
      Expression value = of(both.value(), sign);
      return both.sign() == sign ? value : Expression.negated(value);
    }
    if (expression instanceof Sum sum) {
      return new Sum(all(sum.terms(), sign));
    }
    if (expression instanceof Product product) {
      return new Product(all(product.factors(), sign));
    }
    if (expression instanceof Power power) {
      return new Power(of(power.base(), sign), of(power.exponent(), sign));
    }
    if (expression instanceof Call call) {
      return new Call(call.function(), all(call.arguments(), sign));
    }
    if (expression instanceof Relation relation) {
      return new Relation(all(relation.sides(), sign), relation.operators());
    }
    if (expression instanceof Bracketed bracketed) {
      return new Bracketed(bracketed.open(), bracketed.close(), all(bracketed.elements(), sign));
    }
    return expression;
  }

  private static List<Expression> all(List<Expression> expressions, int sign) {
    return expressions.stream().map(expression -> of(expression, sign)).toList();
  }
}

package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Bracketed;
import io.rephrase.reward.math.Expression.Relation;
import io.rephrase.reward.math.Expression.Several;
import io.rephrase.reward.math.Expression.Symbol;
import io.rephrase.reward.math.Expression.Union;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A union of intervals on the real line, and the name of the variable where one was written. */
record Region(Optional<String> variable, List<Interval> intervals) {

  private static final Expression INFINITY = new Symbol("∞");
  private static final Expression MINUS_INFINITY = Expression.negated(INFINITY);
  private static final Set<String> INEQUALITIES = Set.of("<", ">", "≤", "≥", "≠");

  /** From {@code low} to {@code high}. */
  record Interval(Expression low, boolean lowClosed, Expression high, boolean highClosed) {}

  /** Whether the expression can only be meant as a region. */
  static boolean isMeant(Expression expression) {
    if (expression instanceof Relation relation) {
      return relation.operators().stream().anyMatch(INEQUALITIES::contains)
          || relation.operators().equals(List.of("∈"));
    }
    if (expression instanceof Several several) {
      return !several.elements().isEmpty() && several.elements().stream().allMatch(Region::isMeant);
    }
    return expression instanceof Union || expression.equals(new Symbol("ℝ"));
  }

  /** The region an interval, a union or an inequality in one variable describes. */
  static Optional<Region> of(Expression expression) {
    if (expression instanceof Bracketed bracketed && bracketed.elements().size() == 2) {
      boolean interval =
          "([".indexOf(bracketed.open()) >= 0 && ")]".indexOf(bracketed.close()) >= 0;
      return interval ? Optional.of(interval(bracketed)) : Optional.empty();
    }
    if (expression instanceof Union union) {
      return all(union.parts());
    }
    if (expression instanceof Relation relation) {
      return relation(relation);
    }
    if (expression instanceof Several several && !several.elements().isEmpty()) {
      return all(several.elements()).map(Region::intersectedRays);
    }
    if (expression.equals(new Symbol("ℝ"))) {
      return Optional.of(single(Optional.empty(), MINUS_INFINITY, false, INFINITY, false));
    }
    return Optional.empty();
  }

  private static Region interval(Bracketed bracketed) {
    return single(
        Optional.empty(),
        bracketed.elements().get(0),
        bracketed.open() == '[',
        bracketed.elements().get(1),
        bracketed.close() == ']');
  }

  private static Region single(
      Optional<String> variable,
      Expression low,
      boolean lowClosed,
      Expression high,
      boolean highClosed) {
    return new Region(variable, List.of(new Interval(low, lowClosed, high, highClosed)));
  }

  private static Optional<Region> all(List<Expression> parts) {
    List<Interval> intervals = new ArrayList<>();
    Optional<String> variable = Optional.empty();
    for (Expression part : parts) {
      Optional<Region> region = of(part);
      if (region.isEmpty() || part instanceof Symbol) {
        return Optional.empty();
      }
      Optional<String> name = region.get().variable();
      if (variable.isPresent() && name.isPresent() && !name.equals(variable)) {
        return Optional.empty();
      }
      variable = name.or(() -> Optional.empty()).isPresent() ? name : variable;
      intervals.addAll(region.get().intervals());
    }
    return Optional.of(new Region(variable, List.copyOf(intervals)));
  }

  /** "x > 2, x < 5" means both at once; rays that do not meet mean either. */
  private Region intersectedRays() {
    if (intervals.size() != 2) {
      return this;
    }
    Interval first = intervals.get(0);
    Interval second = intervals.get(1);
    boolean firstUpward = first.high().equals(INFINITY);
    Interval upward = firstUpward ? first : second;
    Interval downward = firstUpward ? second : first;
    if (!upward.high().equals(INFINITY) || !downward.low().equals(MINUS_INFINITY)) {
      return this;
    }
    Evaluator evaluator = new Evaluator(Map.of(), new Budget(1000));
    double low = evaluator.evaluate(upward.low()).re();
    double high = evaluator.evaluate(downward.high()).re();
    return low < high
        ? single(variable, upward.low(), upward.lowClosed(), downward.high(), downward.highClosed())
        : this;
  }

  private static Optional<Region> relation(Relation relation) {
    List<Expression> sides = relation.sides();
    List<String> operators = relation.operators();
    if (operators.equals(List.of("∈")) && sides.get(0) instanceof Symbol name) {
      return of(sides.get(1))
          .map(region -> new Region(Optional.of(name.name()), region.intervals()));
    }
    if (sides.size() == 2
        && sides.get(0) instanceof Expression.Call call
        && call.function().equals("abs")
        && call.arguments().get(0) instanceof Symbol name
        && isBound(sides.get(1))) {
      return absolute(name.name(), operators.get(0), sides.get(1));
    }
    if (sides.size() == 2 && sides.get(0) instanceof Symbol name && isBound(sides.get(1))) {
      return Optional.of(ray(name.name(), operators.get(0), sides.get(1)))
          .filter(r -> !r.intervals().isEmpty());
    }
    if (sides.size() == 2 && sides.get(1) instanceof Symbol name && isBound(sides.get(0))) {
      return Optional.of(ray(name.name(), flipped(operators.get(0)), sides.get(0)))
          .filter(r -> !r.intervals().isEmpty());
    }
    if (sides.size() == 3
        && sides.get(1) instanceof Symbol name
        && isBound(sides.get(0))
        && isBound(sides.get(2))) {
      return between(name.name(), sides, operators);
    }
    return Optional.empty();
  }

  private static Optional<Region> absolute(String name, String operator, Expression bound) {
    Expression minus = Expression.negated(bound);
    boolean closed = isClosed(operator);
    List<Interval> intervals =
        switch (operator) {
          case "<", "≤" -> List.of(new Interval(minus, closed, bound, closed));
          case ">", "≥" ->
              List.of(
                  new Interval(MINUS_INFINITY, false, minus, closed),
                  new Interval(bound, closed, INFINITY, false));
          default -> List.of();
        };
    return intervals.isEmpty()
        ? Optional.empty()
        : Optional.of(new Region(Optional.of(name), intervals));
  }

  private static boolean isBound(Expression side) {
    return !(side instanceof Several
            || side instanceof Bracketed
            || side instanceof Expression.Words)
        && !(side instanceof Symbol symbol && !Set.of("pi", "e", "∞").contains(symbol.name()));
  }

  private static Optional<Region> between(
      String name, List<Expression> sides, List<String> operators) {
    boolean ascending = Set.of("<", "≤").containsAll(operators);
    boolean descending = Set.of(">", "≥").containsAll(operators);
    if (!ascending && !descending) {
      return Optional.empty();
    }
    int low = ascending ? 0 : 1;
    return Optional.of(
        single(
            Optional.of(name),
            sides.get(2 * low),
            isClosed(operators.get(low)),
            sides.get(2 - 2 * low),
            isClosed(operators.get(1 - low))));
  }

  private static boolean isClosed(String operator) {
    return operator.equals("≤") || operator.equals("≥");
  }

  static String flipped(String operator) {
    return switch (operator) {
      case "<" -> ">";
      case ">" -> "<";
      case "≤" -> "≥";
      case "≥" -> "≤";
      default -> operator;
    };
  }

  private static Region ray(String name, String operator, Expression bound) {
    Interval below = new Interval(MINUS_INFINITY, false, bound, operator.equals("≤"));
    Interval above = new Interval(bound, operator.equals("≥"), INFINITY, false);
    List<Interval> intervals =
        switch (operator) {
          case "<", "≤" -> List.of(below);
          case ">", "≥" -> List.of(above);
          case "≠" -> List.of(below, above);
          default -> List.of();
        };
    return new Region(Optional.of(name), intervals);
  }
}

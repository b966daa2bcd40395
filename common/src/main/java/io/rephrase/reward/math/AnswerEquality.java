package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Bracketed;
import io.rephrase.reward.math.Expression.Call;
import io.rephrase.reward.math.Expression.Matrix;
import io.rephrase.reward.math.Expression.Product;
import io.rephrase.reward.math.Expression.Relation;
import io.rephrase.reward.math.Expression.Several;
import io.rephrase.reward.math.Expression.Symbol;
import io.rephrase.reward.math.Expression.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether two answers say the same: units, structures, and at the leaves {@link ScalarEquality}.
 */
final class AnswerEquality {

  private static final Pattern LETTERED =
      Pattern.compile("^\\s*\\(?\\s*([A-J])\\s*[).:](?:\\s.*|)$", Pattern.DOTALL);

  /** {@code (C) 24}, a choice with its value. */
  private static final Pattern LABELLED =
      Pattern.compile("^\\s*\\(\\s*[A-J]\\s*\\)\\s*(\\S.*)$", Pattern.DOTALL);

  private final Budget budget;
  private final ScalarEquality scalars;

  AnswerEquality(Budget budget) {
    this.budget = budget;
    this.scalars = new ScalarEquality(budget);
  }

  /** The entry: texts already read, the raw answer for the letter of a choice. */
  boolean equal(Answer gold, Answer answer, String answerText) {
    if (gold.key().equals(answer.key())) {
      return true;
    }
    if (gold.key().length() == 1 && "ABCDEFGHIJ".contains(gold.key())) {
      Matcher lettered = LETTERED.matcher(LatexCleaner.clean(shortened(answerText)));
      if (lettered.matches()) {
        return lettered.group(1).equals(gold.key());
      }
    }
    if (both(gold.whole(), answer.whole())) {
      return true;
    }
    Matcher labelled = LABELLED.matcher(LatexCleaner.clean(shortened(answerText)));
    if (labelled.matches()) {
      Answer value = Answer.read(labelled.group(1));
      return equal(gold, value, "");
    }
    if (gold.unit().isEmpty() != answer.unit().isEmpty()) {
      boolean radians = (gold.unit() + answer.unit()).startsWith("rad");
      if (radians && (gold.key() + answer.key()).contains("°")) {
        return false;
      }
      return both(
          gold.unit().isEmpty() ? gold.whole() : gold.value(),
          answer.unit().isEmpty() ? answer.whole() : answer.value());
    }
    return !gold.unit().isEmpty() && equalQuantities(gold, answer);
  }

  private static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) : text;
  }

  private boolean both(Optional<Expression> gold, Optional<Expression> answer) {
    return gold.isPresent() && answer.isPresent() && equal(gold.get(), answer.get());
  }

  private boolean equalQuantities(Answer gold, Answer answer) {
    if (singular(gold.unit()).equals(singular(answer.unit()))) {
      return both(gold.value(), answer.value());
    }
    Optional<Units.Size> left = Units.size(gold.unit());
    Optional<Units.Size> right = Units.size(answer.unit());
    if (left.isEmpty()
        || right.isEmpty()
        || !left.get().quantity().equals(right.get().quantity())) {
      return false;
    }
    return both(
        gold.value().map(v -> scaled(v, left.get())),
        answer.value().map(v -> scaled(v, right.get())));
  }

  private static Expression scaled(Expression value, Units.Size size) {
    return new Product(List.of(value, new Expression.Number(size.factor(), 0)));
  }

  private static String singular(String unit) {
    return unit.endsWith("s") && unit.length() > 2 ? unit.substring(0, unit.length() - 1) : unit;
  }

  boolean equal(Expression goldExpression, Expression answerExpression) {
    budget.spend(1);
    Expression gold = multipliedOut(withoutName(goldExpression));
    Expression answer = multipliedOut(withoutName(answerExpression));
    if (gold instanceof Words || answer instanceof Words) {
      return gold.equals(answer);
    }
    if (Region.isMeant(gold) || Region.isMeant(answer)) {
      Optional<Region> left = Region.of(gold);
      Optional<Region> right = Region.of(answer);
      if (left.isPresent() && right.isPresent()) {
        return equalRegions(left.get(), right.get());
      }
    }
    if (gold instanceof Relation left
        && answer instanceof Relation right
        && !isSeveral(left)
        && !isSeveral(right)) {
      return new RelationEquality(budget, this).equal(left, right);
    }
    if (isSeveral(gold) || isSeveral(answer)) {
      return equalSolutions(gold, answer);
    }
    if (gold instanceof Relation || answer instanceof Relation) {
      Optional<Expression> left = NamedValues.value(gold);
      Optional<Expression> right = NamedValues.answered(answer);
      return left.isPresent() && right.isPresent() && equal(left.get(), right.get());
    }
    return equalShapes(gold, answer);
  }

  /** The point of {@code P(1,2)}. */
  private static Expression withoutName(Expression expression) {
    boolean named =
        expression instanceof Product product
            && product.factors().size() == 2
            && product.factors().get(0) instanceof Symbol symbol
            && Character.isUpperCase(symbol.name().charAt(0))
            && product.factors().get(1) instanceof Bracketed;
    return named ? ((Product) expression).factors().get(1) : expression;
  }

  /** A scalar before a matrix, written into its elements. */
  private static Expression multipliedOut(Expression expression) {
    if (!(expression instanceof Product product)) {
      return expression;
    }
    int end = product.factors().size() - 1;
    List<Expression> scalars = product.factors().subList(0, end);
    Expression last = multipliedOut(product.factors().get(end));
    boolean structured =
        scalars.stream().anyMatch(f -> f instanceof Matrix || f instanceof Bracketed);
    if (structured || !(last instanceof Matrix matrix)) {
      return expression;
    }
    return new Matrix(
        matrix.rows().stream()
            .map(row -> row.stream().map(element -> times(scalars, element)).toList())
            .toList());
  }

  private static Expression times(List<Expression> scalars, Expression element) {
    List<Expression> factors = new ArrayList<>(scalars);
    factors.add(element);
    return new Product(factors);
  }

  private boolean equalShapes(Expression gold, Expression answer) {
    if (gold instanceof Bracketed left && answer instanceof Bracketed right) {
      boolean brackets = left.open() == right.open() && left.close() == right.close();
      boolean vectors = left.elements().size() > 2 && left.open() != ':' && right.open() != ':';
      return (brackets || vectors) && equalInOrder(left.elements(), right.elements());
    }
    if (gold instanceof Matrix matrix
        && answer instanceof Bracketed tuple
        && matrix.rows().size() == 1) {
      return equalInOrder(matrix.rows().get(0), tuple.elements());
    }
    if (answer instanceof Matrix matrix
        && gold instanceof Bracketed tuple
        && matrix.rows().size() == 1) {
      return equalInOrder(tuple.elements(), matrix.rows().get(0));
    }
    if (gold instanceof Matrix || answer instanceof Matrix) {
      return equalMatrices(rows(gold), rows(answer));
    }
    if (gold instanceof Bracketed || answer instanceof Bracketed) {
      return false;
    }
    return equalScalars(gold, answer);
  }

  private boolean equalScalars(Expression gold, Expression answer) {
    Expression left = undressed(gold);
    Expression right = undressed(answer);
    boolean dressedAlike = (left == gold) == (right == answer);
    if (dressedAlike) {
      return scalars.equal(gold, answer);
    }
    // a percent or degree sign on one side alone may be left out, or worked out
    return scalars.equal(left, right) || scalars.equal(gold, answer);
  }

  private static Expression undressed(Expression expression) {
    if (expression instanceof Call call
        && (call.function().equals("percent") || call.function().equals("degrees"))) {
      return call.arguments().get(0);
    }
    if (expression instanceof Product product && product.factors().size() == 2) {
      Expression inner = undressed(product.factors().get(1));
      if (inner != product.factors().get(1)
          && product.factors().get(0).equals(Expression.integer(-1))) {
        return Expression.negated(inner);
      }
    }
    return expression;
  }

  private boolean equalInOrder(List<Expression> left, List<Expression> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int at = 0; at < left.size(); at++) {
      if (!equal(left.get(at), right.get(at))) {
        return false;
      }
    }
    return true;
  }

  private boolean equalMatrices(List<List<Expression>> left, List<List<Expression>> right) {
    if (left.isEmpty() || left.size() != right.size()) {
      return false;
    }
    for (int row = 0; row < left.size(); row++) {
      if (!equalInOrder(left.get(row), right.get(row))) {
        return false;
      }
    }
    return true;
  }

  /** Rows of a matrix; a tuple stands for a column, nested lists for rows. */
  private static List<List<Expression>> rows(Expression expression) {
    if (expression instanceof Matrix matrix) {
      boolean row = matrix.rows().size() == 1;
      return row && matrix.rows().get(0).size() == 1 ? List.of() : matrix.rows();
    }
    if (expression instanceof Bracketed bracketed) {
      List<List<Expression>> rows = new ArrayList<>();
      for (Expression element : bracketed.elements()) {
        rows.add(element instanceof Bracketed inner ? inner.elements() : List.of(element));
      }
      return rows;
    }
    return List.of();
  }

  private static boolean isSeveral(Expression expression) {
    return expression instanceof Several
        || PlusMinusExpansion.isIn(expression)
        || expression instanceof Relation relation
            && relation.sides().get(relation.sides().size() - 1) instanceof Several;
  }

  private boolean equalSolutions(Expression gold, Expression answer) {
    if (gold instanceof Bracketed tuple && answer instanceof Several several && !several.braced()) {
      return tuple.open() == '('
          && tuple.close() == ')'
          && equalInOrder(tuple.elements(), several.elements());
    }
    if (answer instanceof Bracketed tuple && gold instanceof Several several && !several.braced()) {
      return tuple.open() == '('
          && tuple.close() == ')'
          && equalInOrder(several.elements(), tuple.elements());
    }
    List<Expression> left = solutions(gold);
    List<Expression> right = solutions(answer);
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() && right.isEmpty();
    }
    budget.spend((long) left.size() * right.size());
    return containsAll(left, right) && containsAll(right, left);
  }

  private boolean containsAll(List<Expression> outer, List<Expression> inner) {
    return inner.stream()
        .allMatch(one -> outer.stream().anyMatch(other -> equalSolution(other, one)));
  }

  /** What {@link #solutions} could not take apart is compared as it stands. */
  private boolean equalSolution(Expression gold, Expression answer) {
    return isSeveral(gold) || isSeveral(answer) ? gold.equals(answer) : equal(gold, answer);
  }

  private List<Expression> solutions(Expression expression) {
    if (expression instanceof Several several) {
      return several.elements().stream().flatMap(element -> solutions(element).stream()).toList();
    }
    if (expression instanceof Relation relation && isSeveral(relation)) {
      Optional<Expression> value = NamedValues.value(relation);
      if (value.isPresent()) {
        return solutions(value.get());
      }
    }
    return PlusMinusExpansion.isIn(expression)
        ? List.of(PlusMinusExpansion.of(expression, 1), PlusMinusExpansion.of(expression, -1))
        : List.of(expression);
  }

  private boolean equalRegions(Region left, Region right) {
    boolean otherVariable =
        left.variable().isPresent()
            && right.variable().isPresent()
            && !left.variable().equals(right.variable());
    return !otherVariable
        && left.intervals().size() == right.intervals().size()
        && left.intervals().stream()
            .allMatch(one -> right.intervals().stream().anyMatch(two -> equalIntervals(one, two)))
        && right.intervals().stream()
            .allMatch(one -> left.intervals().stream().anyMatch(two -> equalIntervals(one, two)));
  }

  private boolean equalIntervals(Region.Interval left, Region.Interval right) {
    return left.lowClosed() == right.lowClosed()
        && left.highClosed() == right.highClosed()
        && equal(left.low(), right.low())
        && equal(left.high(), right.high());
  }
}

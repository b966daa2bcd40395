package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Relation;
import java.util.List;
import java.util.Optional;

/** Whether two equations or inequalities hold for the same points: one a multiple of the other. */
final class RelationEquality {

  private final Budget budget;
  private final AnswerEquality answers;

  RelationEquality(Budget budget, AnswerEquality answers) {
    this.budget = budget;
    this.answers = answers;
  }

  boolean equal(Relation gold, Relation answer) {
    if (gold.operators().equals(answer.operators()) && sidesEqual(gold.sides(), answer.sides())) {
      return true;
    }
    Relation left = ascending(shortened(gold));
    Relation right = ascending(shortened(answer));
    if (left.sides().size() != 2 || !left.operators().equals(right.operators())) {
      return false;
    }
    try {
      Optional<Rational> ratio = difference(left).ratioTo(difference(right), budget);
      boolean signFree = left.operators().get(0).equals("=") || left.operators().get(0).equals("≠");
      return ratio.isPresent() && (signFree || ratio.get().signum() > 0);
    } catch (Budget.Exceeded tooLarge) {
      budget.spend(0);
      return false;
    }
  }

  private boolean sidesEqual(List<Expression> left, List<Expression> right) {
    for (int at = 0; at < left.size(); at++) {
      if (!answers.equal(left.get(at), right.get(at))) {
        return false;
      }
    }
    return true;
  }

  private Polynomial difference(Relation relation) {
    Canonicalizer canonicalizer = new Canonicalizer(budget);
    Polynomial left = canonicalizer.of(relation.sides().get(0));
    return left.minus(canonicalizer.of(relation.sides().get(1)), budget);
  }

  /** A chain of equations by its ends. */
  private static Relation shortened(Relation relation) {
    boolean chain =
        relation.sides().size() > 2 && relation.operators().stream().allMatch("="::equals);
    return chain
        ? new Relation(
            List.of(relation.sides().get(0), relation.sides().get(relation.sides().size() - 1)),
            List.of("="))
        : relation;
  }

  private static Relation ascending(Relation relation) {
    boolean turned =
        relation.sides().size() == 2
            && (relation.operators().get(0).equals(">") || relation.operators().get(0).equals("≥"));
    return turned
        ? new Relation(
            List.of(relation.sides().get(1), relation.sides().get(0)),
            List.of(Region.flipped(relation.operators().get(0))))
        : relation;
  }
}

package io.rephrase.reward.math;

import java.util.Map;
import java.util.Optional;

/** What verifiers ask of mathematics: is this a reference, are these equal, what number is this. */
public final class MathAnswers {

  private static final int MAX_GOLD_LENGTH = 10_000;

  private MathAnswers() {}

  /** Why {@code gold} can't be compared with anything; empty where it can. */
  public static Optional<String> goldProblem(String gold) {
    if (gold.length() > MAX_GOLD_LENGTH) {
      return Optional.of("is longer than " + MAX_GOLD_LENGTH + " characters");
    }
    return Answer.read(unboxed(gold)).damaged()
        ? Optional.of("is no expression, set, interval, matrix or text")
        : Optional.empty();
  }

  /**
   * Whether the two say the same. Throws {@link Budget.Exceeded} where {@code budget} does not
   * suffice to tell.
   */
  public static boolean equal(String gold, String answer, Budget budget) {
    Answer reference = Answer.read(unboxed(gold));
    return new AnswerEquality(budget).equal(reference, Answer.read(answer), answer);
  }

  /** The value of a text that is one real number, with or without a unit. */
  public static Optional<Double> number(String text, Budget budget) {
    Answer answer = Answer.read(text);
    return answer
        .whole()
        .or(answer::value)
        .flatMap(AnswerEquality::value)
        .map(expression -> new Evaluator(Map.of(), budget).evaluate(expression))
        .filter(value -> value.isFinite() && value.isReal())
        .map(Complex::re);
  }

  private static String unboxed(String gold) {
    boolean boxed = gold.contains("\\boxed") || gold.contains("\\fbox");
    return boxed
        ? AnswerExtractor.findStated(gold).map(AnswerExtractor.Extracted::text).orElse(gold)
        : gold;
  }
}

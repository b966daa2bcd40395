package io.rephrase.reward.math;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What verifiers ask of mathematics: is this a reference, are these equal, what number is this. */
public final class MathAnswers {

  private static final int MAX_GOLD_LENGTH = 10_000;

  private static final Pattern FREE_INTEGER =
      Pattern.compile("(?<![A-Za-z\\\\])([a-z])\\s*(?:\\\\in|∈)\\s*(?:\\\\mathbb\\s*\\{?Z\\}?|ℤ)");

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
    String reference = unboxed(gold);
    Optional<ClockTime> time = ClockTime.read(reference);
    Optional<ClockTime> answered = time.flatMap(there -> ClockTime.read(answer));
    if (answered.isPresent() && (time.get().certain() || answered.get().certain())) {
      return time.get().same(answered.get());
    }
    Optional<Currency> money = Currency.in(reference);
    Optional<Currency> paid = money.flatMap(there -> Currency.in(answer));
    if (paid.isPresent() && !paid.equals(money)) {
      return equalTexts(money.get().afterAmount(reference), paid.get().afterAmount(answer), budget);
    }
    return equalTexts(reference, withIntegerOf(reference, answer), budget);
  }

  /** {@code n \in \mathbb{Z}} in an answer takes the letter that the reference has for it. */
  private static String withIntegerOf(String gold, String answer) {
    Matcher free = FREE_INTEGER.matcher(gold);
    Matcher own = FREE_INTEGER.matcher(answer);
    if (!free.find() || !own.find() || own.group(1).equals(free.group(1))) {
      return answer;
    }
    Pattern letter = Pattern.compile("(?<![A-Za-z\\\\])" + own.group(1) + "(?![A-Za-z])");
    return letter.matcher(answer).replaceAll(free.group(1));
  }

  private static boolean equalTexts(String gold, String answer, Budget budget) {
    Answer reference = Answer.read(gold);
    return new AnswerEquality(budget).equal(reference, Answer.read(answer), answer);
  }

  /** The value of a text that is one real number, with or without a unit. */
  public static Optional<Double> number(String text, Budget budget) {
    Answer answer = Answer.read(text);
    return number(answer.whole(), budget).or(() -> number(answer.value(), budget));
  }

  private static Optional<Double> number(Optional<Expression> expression, Budget budget) {
    return expression
        .flatMap(NamedValues::value)
        .map(value -> new Evaluator(Map.of(), budget).evaluate(value))
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

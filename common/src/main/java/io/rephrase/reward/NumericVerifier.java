package io.rephrase.reward;

import io.rephrase.data.Verdict;
import io.rephrase.reward.math.AnswerExtractor;
import io.rephrase.reward.math.AnswerExtractor.Extracted;
import io.rephrase.reward.math.Budget;
import io.rephrase.reward.math.MathAnswers;
import java.util.Optional;

/**
 * Plain numbers, found as mathematical answers are. A reference with decimals is taken as rounded
 * to them; a percentage may stand for the fraction or for the number before the sign.
 */
public final class NumericVerifier implements Verifier {

  /**
   * How near is equal.
   *
   * @param relativeTolerance share of the reference's size, at least 0 and below 1
   */
  public record Config(double relativeTolerance) {
    public Config {
      if (!(relativeTolerance >= 0 && relativeTolerance < 1)) {
        throw new IllegalArgumentException(
            "relativeTolerance must be in [0, 1), got " + relativeTolerance);
      }
    }
  }

  /** Equal but for the rounding of doubles. */
  public static final Config EXACT = new Config(1e-9);

  private final double relativeTolerance;

  public NumericVerifier(Config config) {
    this.relativeTolerance = config.relativeTolerance();
  }

  @Override
  public String name() {
    return "numeric";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Verdict verify(String completion, String gold) {
    Optional<Double> reference = number(gold);
    if (reference.isEmpty()) {
      return Verdicts.unparseableGold();
    }
    Optional<Extracted> answer = AnswerExtractor.find(completion);
    if (answer.isEmpty()) {
      return Verdicts.noAnswer();
    }
    String text = answer.get().text();
    double tolerance = tolerance(reference.get(), gold);
    boolean near = isNear(number(text), reference.get(), tolerance);
    if (!near && text.contains("%") != gold.contains("%")) {
      near =
          isNear(number(text.replace("\\%", "").replace("%", "")), reference.get(), tolerance)
              || isNear(
                  number(text), number(gold.replace("%", "")).orElse(reference.get()), tolerance);
    }
    return Verdicts.of(near, text, answer.get().rule());
  }

  @Override
  public boolean same(String answer, String other) {
    return number(answer)
        .filter(value -> isNear(number(other), value, relativeTolerance * Math.abs(value)))
        .isPresent();
  }

  static Optional<Double> number(String text) {
    try {
      return MathAnswers.number(text, new Budget(Budget.DEFAULT_STEPS));
    } catch (Budget.Exceeded tooLarge) {
      return Optional.empty();
    }
  }

  private double tolerance(double reference, String gold) {
    int point = gold.indexOf('.');
    double decimals =
        point < 0 ? 0 : gold.substring(point + 1).chars().takeWhile(Character::isDigit).count();
    boolean scaled = gold.contains("e") || gold.contains("%") || gold.contains("^");
    double rounding = decimals == 0 || scaled ? 0 : 0.5 * Math.pow(10, -decimals) * (1 + 1e-9);
    return Math.max(rounding, relativeTolerance * Math.abs(reference));
  }

  private static boolean isNear(Optional<Double> answer, double reference, double tolerance) {
    return answer.isPresent() && Math.abs(answer.get() - reference) <= tolerance;
  }
}

package io.rephrase.reward;

import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import io.rephrase.reward.math.AnswerExtractor;
import io.rephrase.reward.math.AnswerExtractor.Extracted;
import io.rephrase.reward.math.Budget;
import io.rephrase.reward.math.MathAnswers;
import java.util.Optional;

/**
 * Mathematical answers in LaTeX or plain text. Numbers and surds are compared exactly, other
 * expressions by canonical form and at seeded points; sets, tuples, intervals, matrices and
 * equations by their parts.
 */
public final class MathVerifier implements Verifier {

  @Override
  public String name() {
    return "math";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Verdict verify(String completion, String gold) {
    if (MathAnswers.goldProblem(gold).isPresent()) {
      return Verdicts.unparseableGold();
    }
    Optional<Extracted> answer = AnswerExtractor.find(completion);
    if (answer.isEmpty()) {
      return Verdicts.noAnswer();
    }
    try {
      boolean equal =
          MathAnswers.equal(gold, answer.get().text(), new Budget(Budget.DEFAULT_STEPS));
      return Verdicts.of(equal, answer.get().text(), answer.get().rule());
    } catch (Budget.Exceeded exceeded) {
      return new Verdict(
          Optional.of(0.0),
          Optional.of(answer.get().text()),
          answer.get().rule(),
          VerdictStatus.BUDGET_EXCEEDED);
    }
  }

  @Override
  public boolean same(String answer, String other) {
    try {
      return MathAnswers.goldProblem(answer).isEmpty()
          && MathAnswers.equal(answer, other, new Budget(Budget.DEFAULT_STEPS));
    } catch (Budget.Exceeded exceeded) {
      return false;
    }
  }
}

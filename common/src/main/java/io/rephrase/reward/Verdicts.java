package io.rephrase.reward;

import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import java.util.Optional;

/** The verdicts all verifiers share. */
final class Verdicts {

  private static final int MAX_EXTRACTED = 2_000;

  private Verdicts() {}

  static Verdict of(boolean correct, String extracted, String rule) {
    String kept =
        extracted.length() > MAX_EXTRACTED ? extracted.substring(0, MAX_EXTRACTED) : extracted;
    return new Verdict(
        Optional.of(correct ? 1.0 : 0.0),
        Optional.of(kept),
        rule,
        correct ? VerdictStatus.CORRECT : VerdictStatus.WRONG);
  }

  static Verdict noAnswer() {
    return new Verdict(Optional.of(0.0), Optional.empty(), "no-answer", VerdictStatus.NO_ANSWER);
  }

  static Verdict unparseableGold() {
    return new Verdict(
        Optional.empty(), Optional.empty(), "unparseable-gold", VerdictStatus.UNPARSEABLE_GOLD);
  }
}

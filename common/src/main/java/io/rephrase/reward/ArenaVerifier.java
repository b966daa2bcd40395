package io.rephrase.reward;

import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import java.util.Optional;

/**
 * The arena's answers: what follows the last {@code #}, character for character. Anything after the
 * number makes it wrong.
 */
public final class ArenaVerifier implements Verifier {

  private static final char MARK = '#';

  @Override
  public String name() {
    return "arena";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Verdict verify(String completion, String gold) {
    int mark = completion.lastIndexOf(MARK);
    if (mark < 0) {
      return new Verdict(Optional.of(0.0), Optional.empty(), "no-mark", VerdictStatus.NO_ANSWER);
    }
    String answer = completion.substring(mark + 1);
    boolean correct = answer.equals(gold);
    return new Verdict(
        Optional.of(correct ? 1.0 : 0.0),
        Optional.of(answer),
        "after-mark",
        correct ? VerdictStatus.CORRECT : VerdictStatus.WRONG);
  }
}

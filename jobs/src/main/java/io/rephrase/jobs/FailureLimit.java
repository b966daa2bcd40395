package io.rephrase.jobs;

import io.rephrase.TableException;
import io.rephrase.data.FinishReason;
import java.util.List;

/**
 * Stops a run whose generations fail too often: no row is dropped, and none is trained on blindly.
 */
final class FailureLimit {

  private static final int MAX_WORDS = 300;

  private final double maxRatio;

  FailureLimit(double maxRatio) {
    this.maxRatio = maxRatio;
  }

  /** The same, counting how they ended. */
  void check(String what, List<FinishReason> finishReasons) {
    long failed = finishReasons.stream().filter(FinishReason.ERROR::equals).count();
    check(
        what,
        failed,
        finishReasons.size(),
        "mend the cause and redo the stage, or raise failure.maxRatio");
  }

  /**
   * Checks what a judge was asked; each answer that it failed on can still be judged.
   *
   * @param what was judged, for the message
   * @param failed answers without a verdict among
   * @param all that were to be judged
   * @param said the judge said last, or why it said nothing
   * @param wayOut what can be done once it works, for the message
   * @throws TableException if the share of failed ones is above the limit
   */
  void checkJudge(String what, long failed, long all, String said, String wayOut) {
    if (failed > maxRatio * all) {
      throw new TableException(
          "%s: the judge failed on %d of %d answers, more than failure.maxRatio = %s allows; the last: %s; mend it, or its settings in the section judge, and %s"
              .formatted(what, failed, all, maxRatio, brief(said), wayOut));
    }
  }

  private static String brief(String said) {
    String line = said.strip().replaceAll("\\s+", " ");
    return line.length() > MAX_WORDS ? line.substring(0, MAX_WORDS) + "…" : line;
  }

  /**
   * Checks one stage of one iteration.
   *
   * @param what is counted, for the message
   * @param failed generations among
   * @param all of the stage, as the table has them
   * @param wayOut what can be done, for the message
   * @throws TableException if the share of failed ones is above the limit
   */
  void check(String what, long failed, long all, String wayOut) {
    if (failed > maxRatio * all) {
      throw new TableException(
          "%s: %d of %d generations failed, more than failure.maxRatio = %s allows; see their error column, %s"
              .formatted(what, failed, all, maxRatio, wayOut));
    }
  }
}

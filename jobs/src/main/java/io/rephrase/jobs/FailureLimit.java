package io.rephrase.jobs;

import io.rephrase.TableException;
import io.rephrase.data.FinishReason;
import java.util.Collection;

/**
 * Stops a run whose generations fail too often: no row is dropped, and none is trained on blindly.
 */
final class FailureLimit {

  private final double maxRatio;

  FailureLimit(double maxRatio) {
    this.maxRatio = maxRatio;
  }

  /**
   * Checks one stage of one iteration.
   *
   * @param what is counted, for the message
   * @param finishReasons of all its generations, as the table has them
   * @throws TableException if the share of failed ones is above the limit
   */
  void check(String what, Collection<String> finishReasons) {
    long failed = finishReasons.stream().filter(FinishReason.ERROR.label()::equals).count();
    if (failed > maxRatio * finishReasons.size()) {
      throw new TableException(
          "%s: %d of %d generations failed, more than failure.maxRatio = %s allows; see their error column, mend the cause and redo the stage, or raise failure.maxRatio"
              .formatted(what, failed, finishReasons.size(), maxRatio));
    }
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.data.FinishReason;
import io.rephrase.data.RejectReason;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptOutcomeTest {

  @Test
  void aLaterVerdictLetsAnAttemptBeUsedThatLackedNothingElse() {
    AttemptOutcome unjudged = attempt(RejectReason.NO_VERDICT, new float[] {-1, -2});
    assertThat(unjudged.candidate().accepted()).isFalse();
    assertThat(unjudged.judged(1, 0.5).candidate().accepted()).isTrue();
    assertThat(unjudged.judged(1, 0.5).candidate().reward()).isEqualTo(1);
    assertThat(unjudged.judged(0, 0.5).candidate().accepted()).isFalse();
  }

  @Test
  void whatIsRejectedForWhatItIsOrWasNotScoredStaysRejected() {
    AttemptOutcome copied = attempt(RejectReason.COPY, new float[] {-1, -2});
    assertThat(copied.judged(1, 0.5).candidate().accepted()).isFalse();
    AttemptOutcome unscored = attempt(RejectReason.NO_VERDICT, new float[0]);
    assertThat(unscored.judged(1, 0.5).candidate().accepted()).isFalse();
  }

  private static AttemptOutcome attempt(RejectReason reason, float[] logProbs) {
    return new AttemptOutcome(
        "sums",
        "p0",
        0,
        0,
        FinishReason.EOS,
        Optional.empty(),
        false,
        Optional.of(reason),
        new int[] {7, 1},
        logProbs,
        logProbs);
  }
}

package io.rephrase.jobs;

import static io.rephrase.data.FinishReason.EOS;
import static io.rephrase.data.FinishReason.ERROR;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureLimitTest {

  @Test
  void aRunStopsOnceMoreGenerationsFailThanAllowed() {
    FailureLimit limit = new FailureLimit(0.25);
    assertThatCode(() -> limit.check("rollouts", 1, 4, "wait")).doesNotThrowAnyException();
    assertThatThrownBy(() -> limit.check("rollouts", List.of(EOS, ERROR, ERROR, EOS)))
        .isInstanceOf(TableException.class)
        .hasMessageStartingWith(
            "rollouts: 2 of 4 generations failed, more than failure.maxRatio = 0.25 allows");
  }

  @Test
  void aRunStopsOnceAJudgeFailsOnMoreAnswersThanAllowed() {
    FailureLimit limit = new FailureLimit(0.25);
    assertThatCode(() -> limit.checkJudge("answers", 1, 4, "Hm.", "wait"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> limit.checkJudge("answers", 2, 4, " Hm.\nWell. ", "resume"))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "answers: the judge failed on 2 of 4 answers, more than failure.maxRatio = 0.25 allows; the last: Hm. Well.; mend it, or its settings in the section judge, and resume");
  }
}

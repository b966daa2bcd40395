package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.data.FinishReason;
import io.rephrase.data.SampledGroup;
import io.rephrase.data.SampledGroup.Completion;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampledTotalsTest {

  @Test
  void surprisalIsOverTokensAndLengthOverRollouts() {
    SampledTotals totals = new SampledTotals();
    totals.add(
        group(rollout(FinishReason.EOS, -1, -2), rollout(FinishReason.LENGTH, -0.5f, -0.5f, -3)));
    totals.add(group(rollout(FinishReason.EOS, -1)));
    // (1 + 2 + 0.5 + 0.5 + 3 + 1) / 6 tokens; 6 tokens / 3 rollouts, one of them cut
    assertThat(totals.surprisal()).isEqualTo(8.0 / 6);
    assertThat(totals.meanLength()).isEqualTo(2);
    assertThat(totals.truncatedShare()).isEqualTo(1.0 / 3);
  }

  @Test
  void withoutARolloutThereIsNoMean() {
    SampledTotals totals = new SampledTotals();
    totals.add(group());
    assertThat(totals.surprisal()).isNaN();
    assertThat(totals.meanLength()).isNaN();
    assertThat(totals.truncatedShare()).isNaN();
  }

  @Test
  void groupsAreDealtInOrderAndNoStepIsEmpty() {
    assertThat(SampleReader.deal(List.of(0, 1, 2, 3, 4), 2))
        .containsExactly(List.of(0, 1), List.of(2, 3, 4));
    assertThat(SampleReader.deal(List.of(0, 1), 3)).containsExactly(List.of(0), List.of(1));
    assertThat(SampleReader.deal(List.of(), 3)).containsExactly(List.of());
  }

  private static SampledGroup group(Completion... rollouts) {
    return new SampledGroup(0, "sums", "p1", 0, true, new int[] {4, 5}, List.of(rollouts));
  }

  private static Completion rollout(FinishReason finish, float... logProbs) {
    return new Completion(0, finish, new int[logProbs.length], logProbs);
  }
}

package io.rephrase.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.data.FinishReason;
import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.OfferedRephrasing;
import io.rephrase.data.OfferedSolution;
import io.rephrase.data.SampledGroup;
import io.rephrase.data.SampledGroup.Completion;
import io.rephrase.data.TrainingSample;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupSamplesTest {

  private static final double NONE = Double.NaN;

  @Test
  void rephrasingStandsWhereTheWorstRolloutStood() {
    List<TrainingSample> samples =
        GroupSamples.of(
            group(), decision(GuidanceSource.REPHRASED, 1, "substituted"), attempts(), List.of());
    assertThat(samples).hasSize(3);
    assertThat(samples).extracting(TrainingSample::sampleIndex).containsExactly(0, 1, 2);
    TrainingSample rephrased = samples.get(1);
    assertThat(rephrased.source()).isEqualTo(GuidanceSource.REPHRASED);
    assertThat(rephrased.completionIds()).containsExactly(7, 8, 9);
    assertThat(rephrased.behaviourLogProbs()).containsExactly(-1f, -2f, -3f);
    assertThat(rephrased.reward()).isEqualTo(1);
    assertThat(rephrased.advantage()).isEqualTo(0.8);
    assertThat(rephrased.truncated()).isFalse();
    // scored under the bare question, not under P(q,k)
    assertThat(rephrased.promptIds()).containsExactly(4, 5);
    assertThat(samples.get(0).source()).isEqualTo(GuidanceSource.NONE);
    assertThat(samples.get(2).truncated()).isTrue();
  }

  @Test
  void groupWithoutSubstitutionIsAsItWasSampled() {
    List<TrainingSample> samples =
        GroupSamples.of(
            group(), decision(GuidanceSource.NONE, -1, "not-hard"), attempts(), List.of());
    assertThat(samples).extracting(TrainingSample::source).containsOnly(GuidanceSource.NONE);
    assertThat(samples.get(1).completionIds()).containsExactly(2, 2);
  }

  @Test
  void imitatedAnswerIsTheOnlyMember() {
    List<TrainingSample> samples =
        GroupSamples.of(
            group(), decision(GuidanceSource.TEACHER, 0, "imitated"), List.of(), teacher());
    assertThat(samples).hasSize(1);
    assertThat(samples.get(0).completionIds()).containsExactly(6, 6, 6, 6);
    assertThat(samples.get(0).behaviourLogProbs()).isEmpty();
    // its reward is in the decision; here it is compared with nothing
    assertThat(samples.get(0).reward()).isNaN();
    assertThat(samples.get(0).advantage()).isEqualTo(-0.4);
  }

  @Test
  void expertBesideAGroupIsOneMemberMore() {
    List<TrainingSample> samples =
        GroupSamples.of(
            group(), decision(GuidanceSource.NONE, -1, "teacher-beside"), List.of(), teacher());
    assertThat(samples).extracting(TrainingSample::sampleIndex).containsExactly(0, 1, 2, 3);
    TrainingSample beside = samples.get(3);
    assertThat(beside.advantage()).isEqualTo(1);
    assertThat(beside.reward()).isNaN();
    assertThat(beside.source()).isEqualTo(GuidanceSource.TEACHER);
    assertThat(beside.completionIds()).containsExactly(6, 6, 6, 6);
  }

  @Test
  void onlyDecisionsForTheExpertTakeTheSolution() {
    assertThat(GroupSamples.takesSolution(decision(GuidanceSource.TEACHER, 2, "teacher-slot")))
        .isTrue();
    assertThat(GroupSamples.takesSolution(decision(GuidanceSource.NONE, -1, "teacher-beside")))
        .isTrue();
    assertThat(GroupSamples.takesSolution(decision(GuidanceSource.NONE, -1, "not-hard"))).isFalse();
    assertThat(GroupSamples.takesSolution(decision(GuidanceSource.REPHRASED, 1, "substituted")))
        .isFalse();
  }

  @Test
  void slotThatWasNotSampledIsTheExperts() {
    List<TrainingSample> samples =
        GroupSamples.of(
            withoutSlot(),
            decision(GuidanceSource.TEACHER, 2, "teacher-slot"),
            List.of(),
            teacher());
    assertThat(samples).extracting(TrainingSample::sampleIndex).containsExactly(0, 1, 2);
    assertThat(samples.get(2).completionIds()).containsExactly(6, 6, 6, 6);
    assertThat(samples.get(2).reward()).isZero();
  }

  @Test
  void slotThatStaysEmptyIsNoMember() {
    List<TrainingSample> samples =
        GroupSamples.of(
            withoutSlot(), decision(GuidanceSource.NONE, -1, "no-knowledge"), List.of(), List.of());
    assertThat(samples).extracting(TrainingSample::sampleIndex).containsExactly(0, 1);
  }

  @Test
  void decisionOfAnotherGroupIsABug() {
    SampledGroup one = groupOf(List.of(rollout(0, FinishReason.EOS, 1)));
    Guidance decision = decision(GuidanceSource.NONE, -1, "not-hard");
    assertThatThrownBy(() -> GroupSamples.of(one, decision, List.of(), List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "iteration 2, prompt sums/p1 has rollouts [0] and its decision 3 rewards: the decision is of another group");
  }

  @Test
  void decisionThatNamesAMissingAttemptIsABug() {
    Guidance decision = decision(GuidanceSource.REPHRASED, 1, "substituted");
    assertThatThrownBy(() -> GroupSamples.of(group(), decision, List.of(), List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("iteration 2, prompt sums/p1 was given attempt 1, which is not in rephrasings");
  }

  private static SampledGroup group() {
    return groupOf(
        List.of(
            rollout(0, FinishReason.EOS, 1),
            rollout(1, FinishReason.EOS, 2, 2),
            rollout(2, FinishReason.LENGTH, 3, 3, 3, 3)));
  }

  /** Sample 2 was not drawn: the decision has no reward for it. */
  private static SampledGroup withoutSlot() {
    return groupOf(group().rollouts().subList(0, 2));
  }

  private static SampledGroup groupOf(List<Completion> rollouts) {
    return new SampledGroup(2, "sums", "p1", 3, true, new int[] {4, 5}, rollouts);
  }

  private static Completion rollout(int index, FinishReason finish, int... ids) {
    return new Completion(index, finish, ids, new float[ids.length]);
  }

  private static Guidance decision(GuidanceSource source, int index, String reason) {
    boolean none = source == GuidanceSource.NONE;
    return new Guidance(
        "run",
        2,
        2,
        "sums",
        "p1",
        0,
        3,
        1,
        2,
        true,
        source,
        source == GuidanceSource.REPHRASED ? Optional.of(1) : Optional.empty(),
        none ? Optional.empty() : Optional.of(index),
        false,
        false,
        reason,
        "inline",
        new double[] {0, 0, NONE},
        new double[] {0, 1, 0},
        new double[] {-0.4, 0.8, -0.4});
  }

  private static List<OfferedRephrasing> attempts() {
    return List.of(new OfferedRephrasing(3, 1, new int[] {7, 8, 9}, new float[] {-1, -2, -3}));
  }

  private static List<OfferedSolution> teacher() {
    return List.of(new OfferedSolution(3, Optional.empty(), new int[] {6, 6, 6, 6}));
  }
}

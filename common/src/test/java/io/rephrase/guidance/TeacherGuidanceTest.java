package io.rephrase.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.data.GuidanceSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TeacherGuidanceTest {

  private static final double NONE = Double.NaN;
  private static final GroupGate GATE = new GroupGate(0.5, 0.75);

  private static Candidate candidate(int attempt, double reward) {
    return new Candidate(attempt, reward >= 0.5, reward, 20, -0.5, -0.2);
  }

  @Test
  void expertTakesTheFirstSlotOfEveryGroup() {
    // rewards after {1, 0, 0, 1}: mean 1/2
    Decision decision =
        new TeacherGuidance(GATE, new MeanCentredAdvantage())
            .decide(new double[] {0, 0, 0, 1}, List.of(candidate(0, 1)));
    assertThat(decision.source()).isEqualTo(GuidanceSource.TEACHER);
    assertThat(decision.substitutedIndex()).isEqualTo(OptionalInt.of(0));
    assertThat(decision.attempt()).isEmpty();
    assertThat(decision.rewardsAfter()).containsExactly(1, 0, 0, 1);
    assertThat(decision.advantages()).containsExactly(0.5, -0.5, -0.5, 0.5);
    assertThat(decision.reason()).isEqualTo(GuidanceReason.TEACHER_SLOT);
    // the gate reads the three sampled ones: two of three failed
    assertThat(decision.reading().rewarded()).isEqualTo(3);
    assertThat(decision.reading().failureRate()).isCloseTo(2.0 / 3, within(1e-15));
  }

  @Test
  void slotNeedNotHaveBeenSampled() {
    Decision decision =
        new TeacherGuidance(GATE, new MeanCentredAdvantage())
            .decide(new double[] {NONE, 0, 0, 0}, List.of(candidate(0, 1)));
    assertThat(decision.rewardsAfter()).containsExactly(1, 0, 0, 0);
    assertThat(decision.reading().hard()).isTrue();
  }

  @Test
  void groupWithoutKnowledgeStaysOnPolicy() {
    Decision decision =
        new TeacherGuidance(GATE, new MeanCentredAdvantage())
            .decide(new double[] {0, 1}, List.of());
    assertThat(decision.source()).isEqualTo(GuidanceSource.NONE);
    assertThat(decision.reason()).isEqualTo(GuidanceReason.NO_KNOWLEDGE);
    assertThat(decision.advantages()).containsExactly(-0.5, 0.5);
  }

  @Test
  void twoExpertsAreRefused() {
    GuidancePolicy luffy = new TeacherGuidance(GATE, new MeanCentredAdvantage());
    assertThatThrownBy(() -> luffy.decide(new double[2], List.of(candidate(0, 1), candidate(1, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an expert has one solution of a question, got 2");
  }

  @Test
  void imitatedAnswerStandsAloneWithAdvantageOne() {
    Decision decision =
        ImitationGuidance.ofARephrasing(GATE, CandidatePick.FIRST)
            .decide(new double[] {0, 1, 0}, List.of(candidate(0, 0), candidate(1, 1)));
    assertThat(decision.source()).isEqualTo(GuidanceSource.REPHRASED);
    assertThat(decision.attempt()).isEqualTo(OptionalInt.of(1));
    assertThat(decision.rewardsAfter()).containsExactly(1, NONE, NONE);
    assertThat(decision.advantages()).containsExactly(1, 0, 0);
    assertThat(decision.skipped()).isFalse();
    assertThat(decision.reason()).isEqualTo(GuidanceReason.IMITATED);
  }

  @Test
  void expertIsImitatedWhateverItsVerdict() {
    Decision decision =
        ImitationGuidance.ofTheTeacher(GATE).decide(new double[2], List.of(candidate(0, 0)));
    assertThat(decision.source()).isEqualTo(GuidanceSource.TEACHER);
    assertThat(decision.attempt()).isEmpty();
    assertThat(decision.advantages()).containsExactly(1, 0);
  }

  @Test
  void groupWithNothingToImitateIsSkipped() {
    ImitationGuidance rephrased = ImitationGuidance.ofARephrasing(GATE, CandidatePick.FIRST);
    Decision rejected = rephrased.decide(new double[] {1, 0}, List.of(candidate(0, 0)));
    assertThat(rejected.skipped()).isTrue();
    assertThat(rejected.advantages()).containsOnly(0.0);
    assertThat(rejected.reason()).isEqualTo(GuidanceReason.ALL_REJECTED);
    assertThat(rephrased.decide(new double[2], List.of()).reason())
        .isEqualTo(GuidanceReason.NO_REPHRASING);
    assertThat(ImitationGuidance.ofTheTeacher(GATE).decide(new double[2], List.of()).reason())
        .isEqualTo(GuidanceReason.NO_KNOWLEDGE);
  }

  @Test
  void splitBaselineLeavesTheExpertOut() {
    // on-policy {0, 0, 1}: mean 1/3, sample std sqrt((1/9+1/9+4/9)/2) = sqrt(1/3);
    // the expert's 1 is (2/3)/sqrt(1/3) = 1.154700538
    double[] advantages =
        split(SplitAdvantage.Scale.STANDARD_DEVIATION, Set.of(0))
            .estimate(new double[] {1, 0, 0, 1});
    assertThat(advantages[0]).isCloseTo(1.154700538, within(1e-5));
    assertThat(advantages[1]).isCloseTo(-0.577350269, within(1e-5));
  }

  @Test
  void equalOnPolicyRewardsAreDividedByOne() {
    // on-policy all 0: mean 0, deviation 0 becomes 1; the expert's advantage is its reward
    double[] advantages =
        split(SplitAdvantage.Scale.STANDARD_DEVIATION, Set.of(0)).estimate(new double[] {1, 0, 0});
    assertThat(advantages[0]).isCloseTo(1, within(2e-6));
    assertThat(advantages[1]).isZero();
  }

  private static SplitAdvantage split(SplitAdvantage.Scale scale, Set<Integer> offPolicy) {
    return new SplitAdvantage(new SplitAdvantage.Config(scale, 1e-6, offPolicy));
  }
}

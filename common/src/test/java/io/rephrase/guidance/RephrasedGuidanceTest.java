package io.rephrase.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.data.GuidanceSource;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RephrasedGuidanceTest {

  private static final double NONE = Double.NaN;

  private static GuidancePolicy repo(double delta, double rho) {
    return repo(delta, rho, Double.POSITIVE_INFINITY);
  }

  private static GuidancePolicy repo(double delta, double rho, double tau) {
    return new RephrasedGuidance(
        new GroupGate(delta, rho),
        new GroupNormalizedAdvantage(new GroupNormalizedAdvantage.Config(1e-6, 1)),
        new RephrasedGuidance.Config(CandidatePick.FIRST, tau));
  }

  private static Candidate accepted(int attempt) {
    return new Candidate(attempt, true, 1.0, 20, -0.5, -0.2);
  }

  private static Candidate rejected(int attempt) {
    return new Candidate(attempt, false, 0.0, 20, NONE, NONE);
  }

  @Test
  void rephrasedTrajectoryReplacesTheWorstRollout() {
    // all of 8 fail, one o_rep comes in: A+ = 7/sqrt(8) = 2.4749, A- = -1/sqrt(8) = -0.3536
    Decision decision = repo(0.5, 0.75).decide(new double[8], List.of(accepted(0)));
    assertThat(decision.source()).isEqualTo(GuidanceSource.REPHRASED);
    assertThat(decision.substitutedIndex()).isEqualTo(OptionalInt.of(0));
    assertThat(decision.rewardsAfter()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
    assertThat(decision.advantages()[0]).isCloseTo(7 / Math.sqrt(8), within(1e-5));
    assertThat(decision.advantages()[1]).isCloseTo(-1 / Math.sqrt(8), within(1e-5));
    assertThat(decision.zeroVariance()).isFalse();
  }

  @Test
  void groupIsHardFromExactlyRho() {
    double[] sixOfEightFail = {1, 1, 0, 0, 0, 0, 0, 0};
    double[] fiveOfEightFail = {1, 1, 1, 0, 0, 0, 0, 0};
    assertThat(repo(0.5, 0.75).decide(sixOfEightFail, List.of(accepted(0))).reason())
        .isEqualTo(GuidanceReason.SUBSTITUTED);
    assertThat(repo(0.5, 0.75).decide(fiveOfEightFail, List.of(accepted(0))).reason())
        .isEqualTo(GuidanceReason.NOT_HARD);
  }

  @Test
  void rewardOfExactlyDeltaIsNoFailure() {
    GroupGate.Reading reading = new GroupGate(0.5, 0.75).read(new double[] {0.5, 0.4, 0.6, 0.1});
    assertThat(reading.failures()).isEqualTo(2);
    assertThat(reading.failureRate()).isEqualTo(0.5);
    assertThat(reading.hard()).isFalse();
  }

  @Test
  void rolloutWithoutARewardIsReplacedFirst() {
    double[] rewards = {0, 0.1, NONE, 0};
    Decision decision = repo(0.5, 0.75).decide(rewards, List.of(accepted(0)));
    assertThat(decision.substitutedIndex()).isEqualTo(OptionalInt.of(2));
    // gamma is over the three rewarded ones
    assertThat(decision.reading().failureRate()).isEqualTo(1.0);
    assertThat(decision.reading().rewarded()).isEqualTo(3);
  }

  @Test
  void lowestRewardGoesAndTiesGoToTheLowestIndex() {
    assertThat(RephrasedGuidance.worst(new double[] {0.2, 0.1, 0.1, 0.3})).isEqualTo(1);
    assertThat(RephrasedGuidance.worst(new double[] {0, 0, NONE, NONE})).isEqualTo(2);
  }

  @Test
  void groupStaysOnPolicyWithoutAnAcceptedRephrasing() {
    GuidancePolicy policy = repo(0.5, 0.75);
    assertThat(policy.decide(new double[8], List.of()).reason())
        .isEqualTo(GuidanceReason.NO_REPHRASING);
    Decision decision = policy.decide(new double[8], List.of(rejected(0), rejected(1)));
    assertThat(decision.reason()).isEqualTo(GuidanceReason.ALL_REJECTED);
    assertThat(decision.source()).isEqualTo(GuidanceSource.NONE);
    assertThat(decision.zeroVariance()).isTrue();
  }

  @Test
  void geometricFilterKeepsAwayWhatTheBareQuestionFindsImprobable() {
    Candidate far = new Candidate(0, true, 1.0, 20, -3, -1.5);
    assertThat(repo(0.5, 0.75, 1.0).decide(new double[8], List.of(far)).reason())
        .isEqualTo(GuidanceReason.OFF_DISTRIBUTION);
    Decision next = repo(0.5, 0.75, 1.0).decide(new double[8], List.of(far, accepted(1)));
    assertThat(next.attempt()).isEqualTo(OptionalInt.of(1));
  }

  @Test
  void pickChoosesAmongSeveralAccepted() {
    Candidate shortOne = new Candidate(0, true, 1.0, 10, -0.4, -0.1);
    Candidate longOne = new Candidate(1, true, 1.0, 30, -0.6, -0.1);
    Candidate likely = new Candidate(2, true, 1.0, 20, -0.1, -0.1);
    List<Candidate> all = List.of(shortOne, longOne, likely);
    assertThat(CandidatePick.FIRST.of(all)).contains(shortOne);
    assertThat(CandidatePick.LONGEST.of(all)).contains(longOne);
    assertThat(CandidatePick.MOST_PROBABLE.of(all)).contains(likely);
  }

  @Test
  void groupWithOneRewardIsSkipped() {
    Decision decision = repo(0.5, 1).decide(new double[] {1, NONE, NONE}, List.of());
    assertThat(decision.skipped()).isTrue();
    assertThat(decision.reason()).isEqualTo(GuidanceReason.TOO_FEW_REWARDS);
  }

  @Test
  void gateRefusesWhatIsNoShare() {
    assertThatThrownBy(() -> new GroupGate(0, 0.75))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delta must be in (0, 1], got 0.0");
  }
}

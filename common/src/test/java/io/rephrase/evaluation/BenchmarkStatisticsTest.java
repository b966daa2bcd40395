package io.rephrase.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.reward.Verifiers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BenchmarkStatisticsTest {

  @Test
  void passAtKIsTheShareOfDrawsWithARightAnswer() {
    // One of four is right: of the six pairs three hold it, of the four triples three.
    assertThat(PassAtK.estimate(4, 1, 1)).isCloseTo(0.25, within(1e-15));
    assertThat(PassAtK.estimate(4, 1, 2)).isCloseTo(0.5, within(1e-15));
    assertThat(PassAtK.estimate(4, 1, 3)).isCloseTo(0.75, within(1e-15));
    assertThat(PassAtK.estimate(4, 0, 4)).isZero();
    // Three of five: C(2, 2) / C(5, 2) = 1 / 10 of the pairs fail.
    assertThat(PassAtK.estimate(5, 3, 2)).isCloseTo(0.9, within(1e-15));
    assertThat(PassAtK.estimate(5, 3, 3)).isEqualTo(1);
  }

  @Test
  void passAtKStaysExactWhereBinomialsOverflow() {
    // C(4000, 2000) has 1203 digits; one right answer is among half of all draws.
    assertThat(PassAtK.estimate(4000, 1, 2000)).isCloseTo(0.5, within(1e-12));
    assertThatThrownBy(() -> PassAtK.estimate(4, 1, 5))
        .hasMessageContaining("1 <= k <= samples")
        .hasMessageContaining("k 5, samples 4");
  }

  @Test
  void theMostFrequentAnswerIsTheVoteAndOfEqualOnesTheFirst() {
    GradedAnswer right = new GradedAnswer(1, OptionalInt.of(0));
    GradedAnswer wrong = new GradedAnswer(0, OptionalInt.of(1));
    GradedAnswer other = new GradedAnswer(0, OptionalInt.of(2));
    GradedAnswer none = new GradedAnswer(0, OptionalInt.empty());

    assertThat(MajorityVote.atK(List.of(wrong, right, right, other), 4)).isEqualTo(1);
    assertThat(MajorityVote.atK(List.of(wrong, right, right, wrong), 4)).isZero();
    assertThat(MajorityVote.atK(List.of(right, wrong, right, wrong), 4)).isEqualTo(1);
    assertThat(MajorityVote.atK(List.of(none, none, none, right), 4)).isEqualTo(1);
    // Blocks (wrong, right), (right, none); the fifth is left over: the second alone is right.
    assertThat(MajorityVote.atK(List.of(wrong, right, right, none, right), 2)).isEqualTo(0.5);
    assertThat(MajorityVote.atK(List.of(none, none), 2)).isZero();
  }

  @Test
  void answersThatTheVerifierFindsEqualAreOneCluster() {
    List<AnswerClusters.Answer> answers =
        List.of(
            new AnswerClusters.Answer(Optional.of("\\frac{1}{2}"), false),
            new AnswerClusters.Answer(Optional.of("7"), true),
            new AnswerClusters.Answer(Optional.of("0.5"), false),
            new AnswerClusters.Answer(Optional.empty(), false),
            new AnswerClusters.Answer(Optional.of("seven"), true),
            new AnswerClusters.Answer(Optional.of("3"), false));

    assertThat(AnswerClusters.of(answers, Verifiers.MATH.create()::same))
        .containsExactly(
            OptionalInt.of(0),
            OptionalInt.of(1),
            OptionalInt.of(0),
            OptionalInt.empty(),
            OptionalInt.of(1),
            OptionalInt.of(5));
  }

  @Test
  void everyVerifierSaysWhichWrongAnswersAreTheSame() {
    assertThat(Verifiers.MATH.create().same("x+1", "1+x")).isTrue();
    assertThat(Verifiers.MATH.create().same("x+1", "x-1")).isFalse();
    assertThat(Verifiers.NUMERIC.create().same("1,000", "1000.0")).isTrue();
    assertThat(Verifiers.NUMERIC.create().same("many", "many more")).isFalse();
    assertThat(Verifiers.EXACT.create().same("**Paris**.", "paris")).isTrue();
    assertThat(Verifiers.CHOICE.create().same("B", "C")).isFalse();
    assertThat(Verifiers.ARENA.create().same("12", "12 ")).isFalse();
  }

  @Test
  void theIntervalOfHundredProblemsIsAboutTwoStandardErrorsToEachSide() {
    // Half of 100 right: sqrt(0.25 / 100) = 0.05, and 1.96 of them are 0.098.
    double[] half = IntStream.range(0, 100).mapToDouble(i -> i % 2).toArray();
    Interval interval = Interval.of(half);

    assertThat(interval.low()).isCloseTo(0.402, within(0.015));
    assertThat(interval.high()).isCloseTo(0.598, within(0.015));
    assertThat(Interval.of(half)).as("seeded").isEqualTo(interval);
    double[] certain = new double[30];
    Arrays.fill(certain, 1);
    assertThat(Interval.of(certain)).isEqualTo(new Interval(1, 1));
  }

  @Test
  void aScoreIsTheMeanOverProblemsWithEnoughAnswers() {
    // pass@2 of 1 in 4 right is 1/2, of 4 in 4 it is 1; a problem with one answer has none.
    List<GradedAnswer> hard = answers(1, 0, 0, 0);
    List<GradedAnswer> easy = answers(1, 1, 1, 1);
    Score score =
        Score.of(new Metric(Metric.Kind.PASS, 2), List.of(hard, easy, answers(1))).orElseThrow();

    assertThat(score.value()).isCloseTo(0.75, within(1e-15));
    assertThat(score.problems()).isEqualTo(2);
    assertThat(score.words()).isEqualTo("pass@2 75.0 % [50.0, 100.0]");
    assertThat(Score.of(new Metric(Metric.Kind.PASS, 8), List.of(hard))).isEmpty();
    assertThat(new Metric(Metric.Kind.AVERAGE, 2).of(answers(1, 0.5))).isEqualTo(0.75);
  }

  @Test
  void metricsAreThoseOfPowersOfTwoAndOfAllSamples() {
    assertThat(Metric.of(1)).extracting(Metric::label).containsExactly("pass@1");
    assertThat(Metric.of(6))
        .extracting(Metric::label)
        .containsExactly(
            "pass@1", "pass@2", "maj@2", "pass@4", "maj@4", "avg@6", "pass@6", "maj@6");
  }

  private static List<GradedAnswer> answers(double... rewards) {
    List<GradedAnswer> answers = new ArrayList<>();
    for (double reward : rewards) {
      answers.add(new GradedAnswer(reward, OptionalInt.empty()));
    }
    return answers;
  }
}

package io.rephrase.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.data.GuidanceSource;
import io.rephrase.data.TrainingSample;
import io.rephrase.loss.Algorithm;
import io.rephrase.loss.Algorithms;
import io.rephrase.loss.Correction;
import io.rephrase.loss.LossAggregation;
import io.rephrase.loss.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyTrainerTest {

  private static final int VOCABULARY = 6;
  private static final double NO_CLIP = 1e9;

  @ParameterizedTest
  @EnumSource
  void everyMicroBatchSplitGivesTheSameWeights(LossAggregation aggregation) {
    Objective objective = objective(aggregation, 0.05, 0.01);
    double[] whole = trained(config(objective, 10_000, TruncatedHandling.MASK), groups());
    for (int tokens : new int[] {1, 7, 13, 29}) {
      double[] split = trained(config(objective, tokens, TruncatedHandling.MASK), groups());
      for (int i = 0; i < whole.length; i++) {
        assertThat(split[i]).isCloseTo(whole[i], within(1e-12));
      }
    }
  }

  @Test
  void sameDataGivesTheSameBits() {
    PolicyTrainer.Config config = config(repo(), 13, TruncatedHandling.MASK);
    assertThat(trained(config, groups())).isEqualTo(trained(config, groups()));
  }

  @Test
  void policyMovesTowardsWhatWasWorthMore() {
    BigramPolicy policy = new BigramPolicy(VOCABULARY);
    TrainingSample good = sample(0, 0, 1, 0.9, 1, 2, 3);
    TrainingSample bad = sample(0, 1, 0, -0.9, 4, 5, 3);
    double goodBefore = logProb(policy, good);
    double badBefore = logProb(policy, bad);
    iterate(policy, config(repo(), 100, TruncatedHandling.MASK), List.of(List.of(good, bad)));
    assertThat(logProb(policy, good)).isGreaterThan(goodBefore);
    assertThat(logProb(policy, bad)).isLessThan(badBefore);
  }

  @Test
  void tokensOfGroupsThatTeachNothingStillCount() {
    // a second group of equal rewards doubles the tokens: the gradient is halved
    List<TrainingSample> learning =
        List.of(sample(0, 0, 1, 0.5, 1, 2), sample(0, 1, 0, -0.5, 3, 4));
    List<TrainingSample> both = new ArrayList<>(learning);
    both.add(sample(1, 0, 0, 0, 2, 2));
    both.add(sample(1, 1, 0, 0, 3, 3));
    double alone = norm(repo(), learning);
    assertThat(norm(repo(), both)).isCloseTo(alone / 2, within(1e-12));
    Objective learningOnly = objective(LossAggregation.LEARNING_TOKEN_MEAN, 0, 0);
    assertThat(norm(learningOnly, both)).isCloseTo(alone, within(1e-12));
  }

  @Test
  void truncatedCompletionsAreMaskedKeptOrMadeWorthless() {
    List<TrainingSample> samples =
        List.of(sample(0, 0, 1, 0.5, 1, 2), truncated(sample(0, 1, 0, -0.5, 3, 4)));
    List<TrainingSample> first = List.of(samples.get(0));
    double alone = norm(repo(), first, TruncatedHandling.MASK);
    assertThat(norm(repo(), samples, TruncatedHandling.MASK)).isCloseTo(alone, within(1e-12));
    // its two tokens stay in the normaliser of four
    assertThat(norm(repo(), samples, TruncatedHandling.ZERO_ADVANTAGE))
        .isCloseTo(alone / 2, within(1e-12));
    assertThat(norm(repo(), samples, TruncatedHandling.PENALISE)).isGreaterThan(alone / 2);
  }

  @Test
  void completionWithoutARewardIsMasked() {
    List<TrainingSample> samples =
        List.of(sample(0, 0, 1, 0.5, 1, 2), sample(0, 1, Double.NaN, 0, 3, 4));
    assertThat(norm(repo(), samples))
        .isCloseTo(norm(repo(), List.of(samples.get(0))), within(1e-12));
  }

  @Test
  void whatIsImitatedNeedsNoRewardAndCountsAsLearning() {
    // -l on two tokens, the mean over them: a group of equal rewards adds nothing to the normaliser
    TrainingSample imitated = sample(0, 0, Double.NaN, 1, 1, 2);
    List<TrainingSample> beside =
        List.of(imitated, sample(1, 0, 0, 0, 2, 2), sample(1, 1, 0, 0, 3, 3));
    Objective objective =
        Algorithms.GRPO_NLL
            .with(Algorithms.GRPO_NLL.defaults().aggregatedBy(LossAggregation.LEARNING_TOKEN_MEAN))
            .objective();
    BigramPolicy policy = new BigramPolicy(VOCABULARY);
    StepOutcome alone =
        iterate(policy, config(sft(), 100, TruncatedHandling.MASK), List.of(List.of(imitated)))
            .get(0);
    assertThat(alone.loss())
        .isCloseTo(-logProb(new BigramPolicy(VOCABULARY), imitated) / 2, within(1e-12));
    assertThat(norm(objective, beside)).isCloseTo(alone.gradientNorm(), within(1e-12));
  }

  @Test
  void stepThatTeachesNothingMakesNoUpdateAndIsReported() {
    BigramPolicy policy = new BigramPolicy(VOCABULARY);
    double[] before = policy.weights();
    List<TrainingSample> equal = List.of(sample(0, 0, 1, 0, 1, 2), sample(0, 1, 1, 0, 3));
    List<StepOutcome> outcomes =
        iterate(
            policy, config(repo(), 100, TruncatedHandling.MASK), List.of(equal, List.of(), equal));
    assertThat(outcomes).extracting(StepOutcome::step).containsExactly(0L, 1L, 2L);
    assertThat(outcomes).noneMatch(StepOutcome::skipped);
    assertThat(outcomes).allMatch(outcome -> Double.isNaN(outcome.gradientNorm()));
    assertThat(policy.weights()).isEqualTo(before);
  }

  @Test
  void groupsOfEqualRewardsAreComputedWhereAPenaltyOrABonusMovesThem() {
    List<TrainingSample> equal = List.of(sample(0, 0, 1, 0, 1, 2), sample(0, 1, 1, 0, 3, 4, 5));
    Objective bonus = objective(LossAggregation.TOKEN_MEAN, 0, 0.01);
    assertThat(norm(bonus, equal)).isPositive();
    // the policy has left the reference by the second step: the penalty pulls it back
    Objective penalty = objective(LossAggregation.TOKEN_MEAN, 0.1, 0);
    List<TrainingSample> learning =
        List.of(sample(0, 0, 1, 0.5, 1, 2), sample(0, 1, 0, -0.5, 3, 4));
    List<StepOutcome> outcomes =
        iterate(
            new BigramPolicy(VOCABULARY),
            config(penalty, 100, TruncatedHandling.MASK),
            List.of(learning, equal));
    assertThat(outcomes.get(1).gradientNorm()).isPositive();
    assertThat(outcomes.get(1).meters().klReference()).isPositive();
    assertThat(outcomes.get(1).meters().onPolicyTokens()).isEqualTo(5);
  }

  @Test
  void ratioIsTakenToTheIterationsStartingWeights() {
    List<TrainingSample> samples = groups();
    List<StepOutcome> one =
        iterate(
            new BigramPolicy(VOCABULARY),
            config(repo(), 100, TruncatedHandling.MASK),
            List.of(samples));
    assertThat(one.get(0).meters().klOld()).isZero();
    List<StepOutcome> two =
        iterate(
            new BigramPolicy(VOCABULARY),
            config(repo(), 100, TruncatedHandling.MASK),
            List.of(samples, samples));
    assertThat(two.get(0).meters().klOld()).isZero();
    assertThat(two.get(1).meters().klOld()).isPositive();
  }

  @Test
  void stepWithoutAFiniteLossIsSkippedAndThreeInARowStopTheRun() {
    BigramPolicy policy = new BigramPolicy(VOCABULARY);
    double[] before = policy.weights();
    List<TrainingSample> bad = List.of(sample(0, 0, 1, Double.POSITIVE_INFINITY, 1, 2));
    PolicyTrainer.Config config = config(repo(), 100, TruncatedHandling.MASK);
    List<StepOutcome> outcomes = iterate(policy, config, List.of(bad, bad));
    assertThat(outcomes).hasSize(2).allMatch(StepOutcome::skipped);
    assertThat(policy.weights()).isEqualTo(before);
    assertThat(policy.gradients()).containsOnly(0.0);
    List<StepOutcome> reported = new ArrayList<>();
    PolicyTrainer trainer =
        new PolicyTrainer(policy, Optional.empty(), config, PolicyTrainer.Start.ofRun());
    assertThatThrownBy(() -> trainer.iterate(List.of(bad, bad, bad, bad), reported::add))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("3 optimizer steps in a row")
        .hasMessageContaining("the last at step 2;")
        .hasMessageContaining("last good checkpoint is intact")
        .hasMessageContaining("train.learningRate");
    assertThat(reported).hasSize(3);
    assertThat(policy.weights()).isEqualTo(before);
  }

  @Test
  void goodStepForgivesTheSkippedOnesBeforeIt() {
    List<TrainingSample> bad = List.of(sample(0, 0, 1, Double.POSITIVE_INFINITY, 1, 2));
    List<StepOutcome> outcomes =
        iterate(
            new BigramPolicy(VOCABULARY),
            config(repo(), 100, TruncatedHandling.MASK),
            List.of(bad, bad, groups(), bad, bad));
    assertThat(outcomes)
        .extracting(StepOutcome::skipped)
        .containsExactly(true, true, false, true, true);
  }

  @Test
  void substitutedTokensAreMeasuredApart() {
    // mu = -0.5 and -1 against l_old of the policy itself
    TrainingSample rephrased =
        new TrainingSample(
            0,
            "sums",
            "p0",
            0,
            GuidanceSource.REPHRASED,
            false,
            1,
            0.5,
            new int[] {0},
            new int[] {1, 2},
            new float[] {-0.5f, -1f});
    BigramPolicy policy = new BigramPolicy(VOCABULARY);
    double old = logProb(policy, rephrased);
    StepMeters meters =
        iterate(
                policy,
                config(repo(), 100, TruncatedHandling.MASK),
                List.of(
                    List.of(
                        rephrased,
                        sample(0, 1, 0, -0.5, 3, 4, 5),
                        // a group that teaches nothing: counted in the loss, without a forward
                        sample(1, 0, 1, 0, 3, 4),
                        sample(1, 1, 1, 0, 5))))
            .get(0)
            .meters();
    assertThat(meters.substitutedTokens()).isEqualTo(2);
    assertThat(meters.onPolicyTokens()).isEqualTo(3 + 3);
    assertThat(meters.trainedTokens()).isEqualTo(2 + 3);
    assertThat(meters.entropy()).isPositive();
    assertThat(meters.substitutedEntropy()).isPositive().isNotEqualTo(meters.entropy());
    assertThat(meters.substitutedLogRatio()).isCloseTo((old + 1.5) / 2, within(1e-9));
    assertThat(meters.substitutedPerplexityUnderPqk()).isCloseTo(Math.exp(0.75), within(1e-9));
    assertThat(meters.effectiveSampleSize()).isBetween(0.5, 1.0);
  }

  @Test
  void penaltyWithoutItsReferenceIsRefused() {
    PolicyTrainer.Config config =
        config(objective(LossAggregation.TOKEN_MEAN, 0.1, 0), 100, TruncatedHandling.MASK);
    assertThatThrownBy(
            () ->
                new PolicyTrainer(
                    new BigramPolicy(VOCABULARY),
                    Optional.empty(),
                    config,
                    PolicyTrainer.Start.ofRun()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a KL penalty needs its reference model");
  }

  private static Objective sft() {
    return Algorithms.SFT.with(Algorithms.SFT.defaults()).objective();
  }

  private static Objective repo() {
    return objective(LossAggregation.TOKEN_MEAN, 0, 0);
  }

  private static Objective objective(LossAggregation aggregation, double kl, double entropy) {
    Algorithm.Settings settings =
        new Algorithm.Settings(
            1e-6,
            1,
            0.2,
            0.2,
            Double.POSITIVE_INFINITY,
            Correction.NONE,
            kl,
            true,
            entropy,
            aggregation);
    return Algorithms.REPO.with(settings).objective();
  }

  private static PolicyTrainer.Config config(
      Objective objective, int microBatchTokens, TruncatedHandling truncated) {
    LearningRateSchedule schedule =
        new LearningRateSchedule(0.01, LearningRateSchedule.Shape.CONSTANT, 0, 10);
    return new PolicyTrainer.Config(
        objective, schedule, 0.9, 0.999, 1e-8, 0, NO_CLIP, microBatchTokens, 0.7, truncated, 8, 3);
  }

  private static List<StepOutcome> iterate(
      BigramPolicy policy, PolicyTrainer.Config config, List<List<TrainingSample>> steps) {
    List<StepOutcome> outcomes = new ArrayList<>();
    new PolicyTrainer(
            policy, Optional.of(new BigramPolicy(VOCABULARY)), config, PolicyTrainer.Start.ofRun())
        .iterate(steps, outcomes::add);
    return outcomes;
  }

  private static double[] trained(PolicyTrainer.Config config, List<TrainingSample> samples) {
    BigramPolicy policy = new BigramPolicy(VOCABULARY);
    iterate(policy, config, List.of(samples, samples));
    return policy.weights();
  }

  private static double norm(Objective objective, List<TrainingSample> samples) {
    return norm(objective, samples, TruncatedHandling.MASK);
  }

  private static double norm(
      Objective objective, List<TrainingSample> samples, TruncatedHandling truncated) {
    PolicyTrainer.Config config = config(objective, 100, truncated);
    return iterate(new BigramPolicy(VOCABULARY), config, List.of(samples)).get(0).gradientNorm();
  }

  private static double logProb(BigramPolicy policy, TrainingSample sample) {
    var row = new io.rephrase.model.TokenSequence(sample.promptIds(), sample.completionIds());
    double sum = 0;
    for (double logProb : policy.score(List.of(row), 0.7).get(0).logProbs()) {
      sum += logProb;
    }
    return sum;
  }

  /** Two groups that teach, one that does not, of many lengths. */
  private static List<TrainingSample> groups() {
    return List.of(
        sample(0, 0, 1, 1.5, 1, 2, 3, 4),
        sample(0, 1, 0, -0.5, 5),
        sample(0, 2, 0, -0.5, 2, 2, 2),
        sample(0, 3, 0, -0.5, 3, 1),
        sample(1, 0, 0, -0.7, 4, 4, 1, 1, 5, 0),
        sample(1, 1, 1, 0.7, 2, 0),
        sample(2, 0, 0, 0, 1, 1),
        truncated(sample(2, 1, 0, 0, 5, 5, 5)));
  }

  private static TrainingSample sample(
      int position, int sampleIndex, double reward, double advantage, int... completionIds) {
    return new TrainingSample(
        position,
        "sums",
        "p" + position,
        sampleIndex,
        GuidanceSource.NONE,
        false,
        reward,
        advantage,
        new int[] {position, 0},
        completionIds,
        new float[0]);
  }

  private static TrainingSample truncated(TrainingSample sample) {
    return new TrainingSample(
        sample.position(),
        sample.dataset(),
        sample.promptId(),
        sample.sampleIndex(),
        sample.source(),
        true,
        sample.reward(),
        sample.advantage(),
        sample.promptIds(),
        sample.completionIds(),
        sample.behaviourLogProbs());
  }
}

package io.rephrase.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.data.GuidanceSource;
import io.rephrase.data.Seeds;
import io.rephrase.data.TrainingSample;
import io.rephrase.loss.Algorithms;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModel;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trainer on a real model, through libtorch. */
class PolicyTrainerOnLlamaTest {

  private static final int GROUP = 4;

  @TempDir Path scratch;

  @Test
  void sameDataGivesTheSameWeightsBitByBit() {
    assertThat(trainedWeights("one")).hasSameBinaryContentAs(trainedWeights("two"));
  }

  @Test
  void everyMicroBatchSplitGivesTheSameGradientAndPolicy() {
    Trained whole = train(4096);
    for (int tokens : new int[] {1, 40}) {
      Trained split = train(tokens);
      assertThat(split.norm()).isCloseTo(whole.norm(), within(1e-6 * whole.norm()));
      assertThat(split.loss()).isCloseTo(whole.loss(), within(1e-6));
      for (int t = 0; t < whole.logProbs().length; t++) {
        assertThat(split.logProbs()[t]).isCloseTo(whole.logProbs()[t], within(1e-4));
      }
    }
  }

  @Test
  void successBecomesMoreProbable() {
    TrainingSample success = samples().get(0);
    double before;
    try (PolicyModel model = open()) {
      before = sum(score(model, success));
    }
    assertThat(sum(train(4096).logProbs())).isGreaterThan(before);
  }

  /** What one step did, and the first sample's scores after it. */
  private record Trained(double loss, double norm, double[] logProbs) {}

  private static Trained train(int microBatchTokens) {
    try (PolicyModel model = open()) {
      StepOutcome outcome = step(model, microBatchTokens);
      assertThat(outcome.skipped()).isFalse();
      return new Trained(
          outcome.loss(), outcome.gradientNorm(), score(model, samples().get(0)).logProbs());
    }
  }

  private Path trainedWeights(String name) {
    Path folder = scratch.resolve(name);
    try (PolicyModel model = open()) {
      step(model, 4096);
      model.save(folder);
    }
    return folder.resolve("model.safetensors");
  }

  private static StepOutcome step(PolicyModel model, int microBatchTokens) {
    PolicyTrainer.Config config =
        new PolicyTrainer.Config(
            Algorithms.REPO.with(Algorithms.REPO.defaults()).objective(),
            new LearningRateSchedule(1e-4, LearningRateSchedule.Shape.CONSTANT, 0, 1),
            0.9,
            0.999,
            1e-8,
            0,
            1,
            microBatchTokens,
            0.9,
            TruncatedHandling.MASK,
            16,
            3);
    List<StepOutcome> outcomes = new ArrayList<>();
    new PolicyTrainer(model, Optional.empty(), config, PolicyTrainer.Start.ofRun())
        .iterate(List.of(samples()), outcomes::add);
    return outcomes.get(0);
  }

  private static TokenScores score(PolicyModel model, TrainingSample sample) {
    TokenSequence row = new TokenSequence(sample.promptIds(), sample.completionIds());
    return model.score(List.of(row), 0.9).get(0);
  }

  private static double sum(TokenScores scores) {
    return sum(scores.logProbs());
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** One group of four, one success: A+ = 1.5, A- = -0.5. */
  private static List<TrainingSample> samples() {
    List<TrainingSample> samples = new ArrayList<>();
    for (int index = 0; index < GROUP; index++) {
      samples.add(
          new TrainingSample(
              0,
              "ids",
              "p0",
              index,
              GuidanceSource.NONE,
              false,
              index == 0 ? 1 : 0,
              index == 0 ? 1.5 : -0.5,
              ids(100, 6),
              ids(index, 3 + 4 * index),
              new float[0]));
    }
    return samples;
  }

  private static int[] ids(int seed, int count) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = 3 + (int) (100 * Seeds.uniform(seed, i));
    }
    return ids;
  }

  private static PolicyModel open() {
    return PolicyModels.openForTraining(folder(), ModelOptions.defaults().on("cpu"));
  }

  private static Path folder() {
    try {
      return Path.of(
          PolicyTrainerOnLlamaTest.class.getResource("/golden/checkpoints/llama-gqa-tied").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}

package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.config.AlgorithmConfig;
import io.rephrase.config.AlgorithmConfig.CorrectionKind;
import io.rephrase.config.AlgorithmConfig.Normalizer;
import io.rephrase.config.LoraConfig;
import io.rephrase.config.RephraseConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.config.TrainConfig;
import io.rephrase.data.Label;
import io.rephrase.guidance.CandidatePick;
import io.rephrase.guidance.DynamicSampling;
import io.rephrase.guidance.GroupGate;
import io.rephrase.guidance.GuidanceKind;
import io.rephrase.guidance.GuidancePolicy;
import io.rephrase.guidance.RephrasedGuidance;
import io.rephrase.jobs.spark.RolloutPartitions;
import io.rephrase.loss.Algorithm;
import io.rephrase.loss.Algorithms;
import io.rephrase.loss.Correction;
import io.rephrase.loss.LossAggregation;
import io.rephrase.model.LoraSettings;
import io.rephrase.training.LearningRateSchedule;
import io.rephrase.training.PolicyTrainer;
import io.rephrase.training.TruncatedHandling;
import java.util.Locale;
import java.util.Optional;

/** A run's configuration as the method's own objects. Immutable. */
final class RunMethod {

  private final RunConfig config;
  private final Algorithm algorithm;

  private RunMethod(RunConfig config, Algorithm algorithm) {
    this.config = config;
    this.algorithm = algorithm;
  }

  /**
   * Reads the algorithm of a configuration.
   *
   * @throws ConfigurationException if the preset is unknown, or a setting does not go with it
   */
  static RunMethod of(RunConfig config) {
    Algorithms preset = preset(config.algorithm().preset());
    requireSomethingToCorrect(preset, config.algorithm().correction().kind());
    Algorithm.Settings settings = settings(preset.defaults(), config.algorithm());
    requireEveryTokenCounted(settings);
    return new RunMethod(config, preset.with(settings));
  }

  /**
   * A penalty is on every token: over those of learning groups alone it would grow as they get
   * fewer.
   */
  private static void requireEveryTokenCounted(Algorithm.Settings settings) {
    boolean penalty = settings.klCoefficient() != 0 || settings.entropyCoefficient() != 0;
    if (penalty && settings.aggregation() == LossAggregation.LEARNING_TOKEN_MEAN) {
      throw new ConfigurationException(
          "algorithm.normalizer = learning-groups leaves tokens uncounted that algorithm.kl.coefficient = %s and algorithm.entropy.coefficient = %s weigh; set algorithm.normalizer = all, or both to 0"
              .formatted(settings.klCoefficient(), settings.entropyCoefficient()));
    }
  }

  /** A correction is of o_rep's ratio: of RePO's alone. */
  private static void requireSomethingToCorrect(Algorithms preset, CorrectionKind kind) {
    if (kind != CorrectionKind.NONE && preset.guidance() != GuidanceKind.REPHRASED) {
      throw new ConfigurationException(
          "algorithm.correction.kind = %s corrects rephrasings among rollouts, and algorithm.preset = %s has none; leave the correction out, or choose repo"
              .formatted(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), preset.label()));
    }
  }

  private static Algorithms preset(String name) {
    try {
      return Label.parse(Algorithms.class, name);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("algorithm.preset: " + e.getMessage(), e);
    }
  }

  private static Algorithm.Settings settings(Algorithm.Settings row, AlgorithmConfig config) {
    double dualClip = config.loss().dualClip().orElse(row.dualClip());
    return new Algorithm.Settings(
        config.advantage().epsilon().orElse(row.advantageEpsilon()),
        config.advantage().ddof().orElse(row.ddof()),
        config.loss().epsilonLow().orElse(row.epsilonLow()),
        config.loss().epsilonHigh().orElse(row.epsilonHigh()),
        dualClip == 0 ? Double.POSITIVE_INFINITY : dualClip,
        correction(config.correction().kind()),
        config.kl().coefficient().orElse(row.klCoefficient()),
        config.kl().clamped().orElse(row.klClamped()),
        config.entropy().coefficient().orElse(row.entropyCoefficient()),
        aggregation(row.aggregation(), config));
  }

  private static LossAggregation aggregation(LossAggregation row, AlgorithmConfig config) {
    LossAggregation named = config.aggregation().map(RunMethod::aggregation).orElse(row);
    boolean learning = config.normalizer().equals(Optional.of(Normalizer.LEARNING_GROUPS));
    if (!learning) {
      return named;
    }
    if (named != LossAggregation.TOKEN_MEAN) {
      throw new ConfigurationException(
          "algorithm.normalizer = learning-groups goes with aggregation token-mean, got %s; set algorithm.normalizer = all, or another aggregation"
              .formatted(named.label()));
    }
    return LossAggregation.LEARNING_TOKEN_MEAN;
  }

  private static LossAggregation aggregation(String name) {
    try {
      return Label.parse(LossAggregation.class, name);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("algorithm.aggregation: " + e.getMessage(), e);
    }
  }

  private static Correction correction(CorrectionKind kind) {
    return switch (kind) {
      case NONE, GEOMETRIC_FILTER -> Correction.NONE;
      case RATIO -> Correction.RATIO;
      case DECOUPLED -> Correction.DECOUPLED;
      case SHAPED -> Correction.SHAPED;
    };
  }

  Algorithm algorithm() {
    return algorithm;
  }

  /** Whether rephrasings have to be sampled. */
  boolean rephrases() {
    return algorithm.guidance().needsRephrasings();
  }

  /** Whether the expert's solution is trained on. */
  boolean needsTeacher() {
    return algorithm.guidance().needsTeacher();
  }

  /** Whether nothing could be learnt without experts' solutions. */
  boolean needsKnowledge() {
    return needsTeacher() || algorithm.guidance().imitates();
  }

  /** Whether the expert's solutions have to be scored. */
  boolean scoresTeacher() {
    return needsTeacher() || config.rephrase().scoreKnowledge();
  }

  /** Dynamic sampling, where the algorithm has it. */
  Optional<DynamicSampling> resampling() {
    return algorithm.preset().resamples()
        ? Optional.of(
            new DynamicSampling(
                config.rollout().promptsPerIteration(), config.rollout().resample().maxRounds()))
        : Optional.empty();
  }

  /**
   * The members of a group that are sampled: not the expert's slot; none where nothing is compared
   * and no gate has to be read.
   */
  RolloutPartitions.Slots slots() {
    int groupSize = config.rollout().groupSize();
    boolean gate = rephrases() && config.rephrase().when() == RephraseConfig.When.HARD_ONLY;
    if (algorithm.guidance().imitates() && !gate) {
      return new RolloutPartitions.Slots(0, 0);
    }
    int first = algorithm.guidance().keepsASlot() ? 1 : 0;
    return new RolloutPartitions.Slots(first, groupSize - first);
  }

  GuidancePolicy guidance() {
    boolean filtered = config.algorithm().correction().kind() == CorrectionKind.GEOMETRIC_FILTER;
    double tau = filtered ? config.algorithm().correction().tau() : Double.POSITIVE_INFINITY;
    return algorithm
        .guidance()
        .policy(
            new GroupGate(config.guidance().delta(), config.guidance().rho()),
            algorithm.advantage(),
            new RephrasedGuidance.Config(pick(config.rephrase().pick()), tau));
  }

  private static CandidatePick pick(RephraseConfig.Pick pick) {
    return switch (pick) {
      case FIRST -> CandidatePick.FIRST;
      case LONGEST -> CandidatePick.LONGEST;
      case MOST_PROBABLE -> CandidatePick.MOST_PROBABLE;
    };
  }

  /** The adapters that are trained, where the model itself is not. */
  static Optional<LoraSettings> lora(RunConfig config) {
    LoraConfig lora = config.policy().lora();
    return lora.rank() == 0
        ? Optional.empty()
        : Optional.of(
            new LoraSettings(lora.rank(), lora.alpha(), lora.targets(), config.run().seed()));
  }

  PolicyTrainer.Config trainer() {
    TrainConfig train = config.train();
    long totalSteps = Math.max(1, (long) config.run().iterations() * train.stepsPerIteration());
    return new PolicyTrainer.Config(
        algorithm.objective(),
        new LearningRateSchedule(
            train.learningRate(), shape(train.schedule()), train.warmupSteps(), totalSteps),
        train.beta1(),
        train.beta2(),
        train.epsilon(),
        train.weightDecay(),
        train.maxGradientNorm(),
        train.microBatchTokens(),
        config.rollout().temperature(),
        truncated(),
        config.rollout().maxTokens(),
        train.maxSkippedSteps());
  }

  private static LearningRateSchedule.Shape shape(TrainConfig.Schedule schedule) {
    return switch (schedule) {
      case CONSTANT -> LearningRateSchedule.Shape.CONSTANT;
      case LINEAR -> LearningRateSchedule.Shape.LINEAR;
      case COSINE -> LearningRateSchedule.Shape.COSINE;
    };
  }

  private TruncatedHandling truncated() {
    return config
        .algorithm()
        .truncated()
        .map(
            truncated ->
                switch (truncated) {
                  case MASK -> TruncatedHandling.MASK;
                  case PENALISE -> TruncatedHandling.PENALISE;
                  case ZERO_ADVANTAGE -> TruncatedHandling.ZERO_ADVANTAGE;
                })
        .orElse(TruncatedHandling.MASK);
  }
}

package io.rephrase.loss;

import io.rephrase.data.Label;
import io.rephrase.guidance.AdvantageEstimator;
import io.rephrase.guidance.GroupNormalizedAdvantage;
import io.rephrase.guidance.GuidanceKind;
import io.rephrase.guidance.MeanCentredAdvantage;
import io.rephrase.loss.Algorithm.Settings;
import java.util.function.Function;

/**
 * The catalogue of algorithms: guidance, advantage, loss and defaults, one row each. A new one is a
 * row here.
 */
public enum Algorithms implements Label {
  /** RePO (arXiv 2602.10819). */
  REPO(
      "repo",
      GuidanceKind.REPHRASED,
      Algorithms::normalized,
      settings -> new ClippedRatioLoss(settings.clip()),
      Settings.shared()),
  /** GRPO (DeepSeekMath, arXiv 2402.03300). */
  GRPO(
      "grpo",
      GuidanceKind.NONE,
      Algorithms::normalized,
      settings -> new ClippedRatioLoss(settings.clip()),
      Settings.shared()),
  /** Dr. GRPO (arXiv 2503.20783): no deviation, a constant length. */
  DR_GRPO(
      "dr-grpo",
      GuidanceKind.NONE,
      settings -> new MeanCentredAdvantage(),
      settings -> new ClippedRatioLoss(settings.clip()),
      Settings.shared().aggregatedBy(LossAggregation.CONSTANT_LENGTH)),
  /** DAPO (arXiv 2503.14476): a wider upper clip; its groups are sampled until they differ. */
  DAPO(
      "dapo",
      GuidanceKind.NONE,
      Algorithms::normalized,
      settings -> new ClippedRatioLoss(settings.clip()),
      Settings.shared().clippedAt(0.2, 0.28)),
  /** GSPO (arXiv 2507.18071): one ratio for the whole answer. */
  GSPO(
      "gspo",
      GuidanceKind.NONE,
      Algorithms::normalized,
      settings ->
          new SequenceRatioLoss(
              new SequenceRatioLoss.Config(settings.epsilonLow(), settings.epsilonHigh())),
      Settings.shared()
          .clippedAt(3e-4, 4e-4)
          .aggregatedBy(LossAggregation.SEQUENCE_MEAN_TOKEN_MEAN)),
  /** LUFFY (arXiv 2504.14945), its released training script. */
  LUFFY(
      "luffy",
      GuidanceKind.TEACHER_SLOT,
      settings -> new MeanCentredAdvantage(),
      settings -> new MixedPolicyLoss(new MixedPolicyLoss.Config(0.1)),
      Settings.shared().aggregatedBy(LossAggregation.CONSTANT_ONLY).withEntropyBonus(0.001)),
  /** Supervised fine-tuning on the expert's solutions. */
  SFT(
      "sft",
      GuidanceKind.IMITATE_TEACHER,
      Algorithms::normalized,
      settings -> new NegativeLogLikelihoodLoss(),
      Settings.shared()),
  /** Supervised fine-tuning on accepted rephrasings. */
  SFT_REPHRASED(
      "sft-rephrased",
      GuidanceKind.IMITATE_REPHRASED,
      Algorithms::normalized,
      settings -> new NegativeLogLikelihoodLoss(),
      Settings.shared()),
  /** GRPO with the expert's solution trained on beside the group. */
  GRPO_NLL(
      "grpo+nll",
      GuidanceKind.TEACHER_BESIDE,
      Algorithms::normalized,
      settings -> new ClippedRatioWithNll(settings.clip()),
      Settings.shared());

  private final String label;
  private final GuidanceKind guidance;
  private final Function<Settings, AdvantageEstimator> advantage;
  private final Function<Settings, PolicyLoss> loss;
  private final Settings defaults;

  Algorithms(
      String label,
      GuidanceKind guidance,
      Function<Settings, AdvantageEstimator> advantage,
      Function<Settings, PolicyLoss> loss,
      Settings defaults) {
    this.label = label;
    this.guidance = guidance;
    this.advantage = advantage;
    this.loss = loss;
    this.defaults = defaults;
  }

  @Override
  public String label() {
    return label;
  }

  /** What is substituted. */
  public GuidanceKind guidance() {
    return guidance;
  }

  /** The preset's own settings. */
  public Settings defaults() {
    return defaults;
  }

  /** Whether more prompts are drawn until enough groups have variance: DAPO's dynamic sampling. */
  public boolean resamples() {
    return this == DAPO;
  }

  /**
   * The row with these settings.
   *
   * @throws IllegalArgumentException if one of them is out of its range
   */
  public Algorithm with(Settings settings) {
    return new Algorithm(
        this,
        guidance,
        advantage.apply(settings),
        new Objective(
            loss.apply(settings),
            new KlPenalty(settings.klCoefficient(), settings.klClamped()),
            settings.entropyCoefficient(),
            settings.aggregation()));
  }

  private static AdvantageEstimator normalized(Settings settings) {
    return new GroupNormalizedAdvantage(
        new GroupNormalizedAdvantage.Config(settings.advantageEpsilon(), settings.ddof()));
  }
}

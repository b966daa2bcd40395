package io.rephrase.loss;

import io.rephrase.guidance.AdvantageEstimator;
import io.rephrase.guidance.GuidanceKind;

/**
 * Guidance, advantage, loss and aggregation together: what distinguishes one method of {@link
 * Algorithms} from another. Immutable and thread-safe.
 *
 * @param preset the row it was made from
 * @param guidance what is substituted
 * @param advantage of the final group's members
 * @param objective that an optimizer step minimises
 */
public record Algorithm(
    Algorithms preset, GuidanceKind guidance, AdvantageEstimator advantage, Objective objective) {

  /**
   * The numbers and choices of a row that a run may change.
   *
   * @param advantageEpsilon added to the standard deviation; unused where there is none
   * @param ddof delta degrees of freedom of the standard deviation: 1 sample, 0 population
   * @param epsilonLow the ratio is clipped at 1 - epsilonLow
   * @param epsilonHigh the ratio is clipped at 1 + epsilonHigh
   * @param dualClip bound c of the loss for negative advantages; infinity is off
   * @param correction of the tokens of an o_rep
   * @param klCoefficient of the k3 penalty; 0 needs no reference
   * @param klClamped whether the penalty is held within bounds, as in verl; not in TRL
   * @param entropyCoefficient of the bonus
   * @param aggregation of the loss over tokens
   */
  public record Settings(
      double advantageEpsilon,
      int ddof,
      double epsilonLow,
      double epsilonHigh,
      double dualClip,
      Correction correction,
      double klCoefficient,
      boolean klClamped,
      double entropyCoefficient,
      LossAggregation aggregation) {

    ClippedRatioLoss.Config clip() {
      return new ClippedRatioLoss.Config(epsilonLow, epsilonHigh, dualClip, correction);
    }

    /** Of the presets: ratio clipped at .2/.2, token mean, no penalty, no bonus. */
    static Settings shared() {
      return new Settings(
          1e-6,
          1,
          0.2,
          0.2,
          Double.POSITIVE_INFINITY,
          Correction.NONE,
          0,
          true,
          0,
          LossAggregation.TOKEN_MEAN);
    }

    Settings clippedAt(double low, double high) {
      return new Settings(
          advantageEpsilon,
          ddof,
          low,
          high,
          dualClip,
          correction,
          klCoefficient,
          klClamped,
          entropyCoefficient,
          aggregation);
    }

    public Settings aggregatedBy(LossAggregation other) {
      return new Settings(
          advantageEpsilon,
          ddof,
          epsilonLow,
          epsilonHigh,
          dualClip,
          correction,
          klCoefficient,
          klClamped,
          entropyCoefficient,
          other);
    }

    Settings withEntropyBonus(double coefficient) {
      return new Settings(
          advantageEpsilon,
          ddof,
          epsilonLow,
          epsilonHigh,
          dualClip,
          correction,
          klCoefficient,
          klClamped,
          coefficient,
          aggregation);
    }
  }
}

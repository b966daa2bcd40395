package io.rephrase.config;

import io.rephrase.loss.Algorithms;
import io.rephrase.loss.LossAggregation;
import java.util.Optional;

/**
 * The algorithm: a preset and what is changed of it. Empty values are as the preset says.
 *
 * @param preset a row of the catalogue of algorithms, such as {@code repo} or {@code grpo}
 * @param aggregation of the loss over tokens, a name of the catalogue
 * @param normalizer whose tokens the loss is divided by
 * @param truncated what happens to completions without an end
 */
public record AlgorithmConfig(
    String preset,
    Loss loss,
    Kl kl,
    Entropy entropy,
    Advantage advantage,
    Optional<String> aggregation,
    Optional<Normalizer> normalizer,
    Optional<Truncated> truncated,
    Correction correction) {

  public AlgorithmConfig {
    Rules.oneOf("preset", preset, Algorithms.class);
    aggregation.ifPresent(name -> Rules.oneOf("aggregation", name, LossAggregation.class));
  }

  /**
   * Of the policy loss.
   *
   * @param epsilonLow the ratio is clipped at 1 - epsilonLow
   * @param epsilonHigh the ratio is clipped at 1 + epsilonHigh
   * @param dualClip bound c of the loss for negative advantages; empty or 0 is off
   */
  public record Loss(
      Optional<Double> epsilonLow, Optional<Double> epsilonHigh, Optional<Double> dualClip) {
    public Loss {
      epsilonLow.ifPresent(value -> Rules.fromZeroBelowOne("epsilonLow", value));
      epsilonHigh.ifPresent(value -> Rules.atLeast("epsilonHigh", value, 0));
      if (dualClip.isPresent() && dualClip.get() != 0 && !(dualClip.get() > 1)) {
        throw new IllegalArgumentException(
            "dualClip must be > 1, or 0 for off, got " + dualClip.get());
      }
    }
  }

  /**
   * Of the penalty for leaving the first policy.
   *
   * @param coefficient of the k3 penalty against the run's first policy; 0 loads no reference
   * @param clamped whether the log ratio is held within 20 and the penalty within 10, as in verl;
   *     TRL does not
   */
  public record Kl(Optional<Double> coefficient, Optional<Boolean> clamped) {
    public Kl {
      coefficient.ifPresent(value -> Rules.atLeast("coefficient", value, 0));
    }
  }

  /**
   * Of the bonus for staying undecided.
   *
   * @param coefficient of the entropy bonus
   */
  public record Entropy(Optional<Double> coefficient) {
    public Entropy {
      coefficient.ifPresent(value -> Rules.atLeast("coefficient", value, 0));
    }
  }

  /**
   * Of the group advantage.
   *
   * @param epsilon added to the standard deviation
   * @param ddof delta degrees of freedom of the standard deviation: 1 sample, 0 population
   */
  public record Advantage(Optional<Double> epsilon, Optional<Integer> ddof) {
    public Advantage {
      epsilon.ifPresent(value -> Rules.positive("epsilon", value));
      if (ddof.isPresent() && ddof.get() != 0 && ddof.get() != 1) {
        throw new IllegalArgumentException("ddof must be 0 or 1, got " + ddof.get());
      }
    }
  }

  /**
   * Off-policy correction of o_rep.
   *
   * @param kind {@code none} is the paper's
   * @param tau the geometric filter's limit on |mean log ratio|, nats
   */
  public record Correction(CorrectionKind kind, double tau) {
    public Correction {
      Rules.positive("tau", tau);
    }
  }

  /** Whose tokens the loss is divided by. */
  public enum Normalizer {
    ALL,
    LEARNING_GROUPS
  }

  /** What happens to completions without an end. */
  public enum Truncated {
    MASK,
    PENALISE,
    ZERO_ADVANTAGE
  }

  /** How o_rep's tokens are corrected for having been sampled under P(q,k). */
  public enum CorrectionKind {
    NONE,
    RATIO,
    DECOUPLED,
    SHAPED,
    GEOMETRIC_FILTER
  }
}

package io.rephrase.loss;

import io.rephrase.data.Label;

/**
 * How token losses become one number: the weight of every token of a completion. Weights depend on
 * the whole optimizer step alone, so that any split into micro-batches gives the same gradient.
 */
public enum LossAggregation implements Label {
  /** Divides by all tokens of the step: TRL's {@code dapo}, verl's {@code token-mean}. */
  TOKEN_MEAN("token-mean") {
    @Override
    public double weight(double rowTokens, StepShape step) {
      return inverse(step.tokens());
    }
  },
  /** Divides by the tokens of groups whose rewards differ, and of what is imitated. */
  LEARNING_TOKEN_MEAN("learning-token-mean") {
    @Override
    public double weight(double rowTokens, StepShape step) {
      return inverse(step.learningTokens());
    }
  },
  /** Mean over tokens, then over completions that have any. */
  SEQUENCE_MEAN_TOKEN_MEAN("sequence-mean-token-mean") {
    @Override
    public double weight(double rowTokens, StepShape step) {
      return inverse(rowTokens) * inverse(step.countedRows());
    }
  },
  /** The same, a completion's tokens counted as 1e-8 more than they are, as verl divides. */
  SEQUENCE_MEAN_TOKEN_MEAN_PLUS_EPSILON("sequence-mean-token-mean-plus-epsilon") {
    @Override
    public double weight(double rowTokens, StepShape step) {
      return inverse(rowTokens + DIVISOR_EPSILON) * inverse(step.countedRows());
    }
  },
  /** The same, over all completions, those without tokens included: TRL's {@code grpo}. */
  COUNT_EMPTY_ROWS("count-empty-rows") {
    @Override
    public double weight(double rowTokens, StepShape step) {
      return inverse(rowTokens) * inverse(step.rows());
    }
  },
  /** Sum over tokens, mean over completions that have any. */
  SEQUENCE_MEAN_TOKEN_SUM("sequence-mean-token-sum") {
    @Override
    public double weight(double rowTokens, StepShape step) {
      return inverse(step.countedRows());
    }
  },
  /** Sum divided by completions times the longest allowed: TRL's {@code dr_grpo}. */
  CONSTANT_LENGTH("constant-length") {
    @Override
    public double weight(double rowTokens, StepShape step) {
      return inverse((double) step.rows() * step.maxTokens());
    }
  },
  /** Sum divided by the longest allowed: verl's Dr. GRPO, LUFFY's released script. */
  CONSTANT_ONLY("constant-only") {
    @Override
    public double weight(double rowTokens, StepShape step) {
      return inverse(step.maxTokens());
    }
  };

  private static final double DIVISOR_EPSILON = 1e-8;

  private final String label;

  LossAggregation(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /**
   * What each token's loss of a completion is multiplied by.
   *
   * @param rowTokens tokens of the completion that are in the loss
   * @param step the whole optimizer step
   */
  public abstract double weight(double rowTokens, StepShape step);

  /** An empty sum weighs nothing. */
  private static double inverse(double count) {
    return count > 0 ? 1 / count : 0;
  }
}

package io.rephrase.model;

/**
 * How a loss answers a forward pass: given the scores of one completion, the gradient of the loss
 * with respect to them. The model carries it back into its parameters, so that a loss never sees a
 * tensor and a model never sees a loss.
 */
@FunctionalInterface
public interface ScoreGradient {

  /**
   * Called once for each row of a micro-batch, in row order.
   *
   * @param row index into the list given to {@link PolicyModel#accumulateGradients}
   * @param scores of that row's completion
   * @return as many numbers as the completion has tokens
   */
  TokenGradients of(int row, TokenScores scores);
}

package io.rephrase.bench;

import io.rephrase.model.ModelConfig;

/**
 * What a model's arithmetic costs, counted from its sizes: matrix products and attention, two
 * floating-point operations to a multiply-add; norms, activations and sampling are left out.
 */
public record ModelCost(ModelConfig config) {

  /** Numbers in the matrices that every token is multiplied with: the blocks' and the head's. */
  public long matrixNumbers() {
    long attention = (long) config.headSize() * (2L * config.heads() + 2L * config.keyValueHeads());
    long block = config.hiddenSize() * (attention + 3L * config.feedForwardSize());
    return config.layers() * block + (long) config.vocabularySize() * config.hiddenSize();
  }

  /** Numbers of the head alone. */
  private long headNumbers() {
    return (long) config.vocabularySize() * config.hiddenSize();
  }

  /** Of queries times keys and weights times values, for one token that sees so many. */
  private double attentionFlops(double seenTokens) {
    return 4.0 * config.layers() * config.heads() * config.headSize() * seenTokens;
  }

  /** Of one decode step of so many rows, each seeing so many tokens. */
  public double stepFlops(int rows, double seenTokens) {
    return rows * (2.0 * matrixNumbers() + attentionFlops(seenTokens));
  }

  /** Read by one decode step: every matrix once, each row's keys and values. */
  public double stepBytes(int rows, double seenTokens) {
    double cached = 2.0 * config.layers() * config.keyValueHeads() * config.headSize() * seenTokens;
    return Float.BYTES * (matrixNumbers() + rows * cached);
  }

  /** Forward through the blocks for a prompt, and through the head for its last token. */
  public double prefillFlops(int promptTokens) {
    return promptTokens
            * (2.0 * (matrixNumbers() - headNumbers()) + attentionFlops(promptTokens / 2.0))
        + 2.0 * headNumbers();
  }

  /**
   * Forward and backward of one row, the backward twice the forward; the head for completion tokens
   * alone, the blocks for all but the last token.
   */
  public double trainingFlops(int promptTokens, int completionTokens) {
    int input = promptTokens + completionTokens - 1;
    double blocks = input * (2.0 * (matrixNumbers() - headNumbers()) + attentionFlops(input / 2.0));
    return 3 * (blocks + 2.0 * headNumbers() * completionTokens);
  }
}

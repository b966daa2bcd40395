package io.rephrase.model;

/**
 * Native memory that a model takes, from its sizes alone, before anything is opened. Bytes; upper
 * bounds, to plan a process by.
 *
 * @param config of the checkpoint
 * @param options its bounds on logits and activations
 */
public record ModelMemory(ModelConfig config, ModelOptions options) {

  /** Tokens that are computed together at most; a longer row is alone. */
  static final int LARGEST_PASS_TOKENS = 4096;

  /** The log-softmax, its exponential and what the entropy is summed from. */
  private static final int LOGIT_CHUNKS = 3;

  /** The weights, in float32. */
  public long weights() {
    return Float.BYTES * config.parameters();
  }

  /** What training adds for each weight: its gradient and AdamW's two moments. */
  public long gradientsAndMoments() {
    return 3 * weights();
  }

  /** Cosines and sines of every position. */
  public long tables() {
    return Float.BYTES * 2L * config.contextTokens() * config.headSize();
  }

  /** Chunks of logits that are alive at once. */
  public long logits() {
    long largest = (long) Float.BYTES * LARGEST_PASS_TOKENS * config.vocabularySize();
    return LOGIT_CHUNKS * Math.min(options.logitBytes(), largest);
  }

  /** What one block keeps of a pass without a way back. */
  public long pass() {
    return pass(LARGEST_PASS_TOKENS);
  }

  /** The same of a pass over so many tokens. */
  public long pass(long tokens) {
    return Float.BYTES * blockNumbers() * tokens;
  }

  /**
   * What all blocks keep for the way back.
   *
   * @param tokens of one forward
   */
  public long activations(long tokens) {
    long together = Math.min(LARGEST_PASS_TOKENS, tokens) * activationsPerToken();
    return Math.min(options.activationBytes(), together);
  }

  /** Weights, gradients, moments, tables, one pass's activations, logits. */
  public long training() {
    return weights()
        + gradientsAndMoments()
        + tables()
        + activations(LARGEST_PASS_TOKENS)
        + logits();
  }

  /** Weights, tables, logits. */
  public long scoring() {
    return weights() + tables() + logits();
  }

  /** Of activations that all blocks keep for the way back, roughly. */
  long activationsPerToken() {
    return Float.BYTES * blockNumbers() * config.layers();
  }

  private long blockNumbers() {
    long attention =
        6L * config.heads() * config.headSize() + 6L * config.keyValueHeads() * config.headSize();
    return 6L * config.hiddenSize() + attention + 4L * config.feedForwardSize();
  }
}

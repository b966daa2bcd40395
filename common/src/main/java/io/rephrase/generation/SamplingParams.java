package io.rephrase.generation;

/**
 * How tokens are drawn.
 *
 * @param temperature positive; log-probs are those of softmax(logits / temperature) before top-k
 *     and top-p. Greedy decoding reports temperature 1 whatever this says.
 * @param topP in (0, 1]; 1 keeps all
 * @param topK 0 keeps all
 * @param greedy always the most probable token
 * @param maxTokens of a completion, end-of-sequence included; at least 1
 * @param stopAtEos whether an end-of-sequence token ends the completion
 */
public record SamplingParams(
    double temperature, double topP, int topK, boolean greedy, int maxTokens, boolean stopAtEos)
    implements java.io.Serializable {
  public SamplingParams {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException(
          "temperature must be > 0, got " + temperature + "; use 1.0 to sample, or greedy = true");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be in (0, 1], got " + topP);
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK must be >= 0 (0 keeps all), got " + topK);
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be at least 1, got " + maxTokens);
    }
  }

  /** The most tokens that a prompt of so many and its completion can have together. */
  public int mostTokens(int promptTokens, int contextTokens) {
    return (int) Math.min(contextTokens, (long) promptTokens + maxTokens);
  }

  /** The temperature log-probs are reported at: 1 for greedy decoding. */
  public double scoringTemperature() {
    return greedy ? 1.0 : temperature;
  }
}

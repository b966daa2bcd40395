package io.rephrase.model;

/**
 * Scores of one completion, one number a completion token.
 *
 * @param logProbs log-probability of each token under softmax(logits / T), nats
 * @param entropies of that distribution, nats
 */
public record TokenScores(double[] logProbs, double[] entropies) {
  public TokenScores {
    if (logProbs.length != entropies.length) {
      throw new IllegalArgumentException(
          "logProbs has %d entries and entropies has %d: they must be equal"
              .formatted(logProbs.length, entropies.length));
    }
  }
}

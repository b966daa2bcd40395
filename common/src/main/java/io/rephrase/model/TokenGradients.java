package io.rephrase.model;

/**
 * Gradient of the optimizer step's loss with respect to one completion's scores, one number a
 * token.
 *
 * @param logProbs d loss / d log-probability
 * @param entropies d loss / d entropy; all zero where the loss has no entropy term
 */
public record TokenGradients(double[] logProbs, double[] entropies) {
  public TokenGradients {
    if (logProbs.length != entropies.length) {
      throw new IllegalArgumentException(
          "logProbs has %d entries and entropies has %d: they must be equal"
              .formatted(logProbs.length, entropies.length));
    }
  }
}

package io.rephrase.loss;

/**
 * One completion as a loss sees it; all arrays have one entry a token.
 *
 * @param source of its tokens
 * @param advantage of the completion
 * @param logProbs l, under the current weights
 * @param oldLogProbs l_old, under the iteration's starting weights
 * @param behaviourLogProbs mu, under P(q,k) when it was sampled; empty where it is not known
 * @param referenceLogProbs under the KL reference; empty where no KL is computed
 * @param mask 1 for tokens in the loss, else 0
 */
public record LossRow(
    RowSource source,
    double advantage,
    double[] logProbs,
    double[] oldLogProbs,
    double[] behaviourLogProbs,
    double[] referenceLogProbs,
    double[] mask) {
  public LossRow {
    requireLength("oldLogProbs", oldLogProbs.length, logProbs.length);
    requireLength("mask", mask.length, logProbs.length);
    requireLengthOrNone("behaviourLogProbs", behaviourLogProbs.length, logProbs.length);
    requireLengthOrNone("referenceLogProbs", referenceLogProbs.length, logProbs.length);
  }

  /** Tokens in the loss. */
  double maskedTokens() {
    double sum = 0;
    for (double m : mask) {
      sum += m;
    }
    return sum;
  }

  private static void requireLengthOrNone(String name, int actual, int tokens) {
    if (actual != 0) {
      requireLength(name, actual, tokens);
    }
  }

  private static void requireLength(String name, int actual, int tokens) {
    if (actual != tokens) {
      throw new IllegalArgumentException(
          "%s has %d entries for %d tokens: they must be equal".formatted(name, actual, tokens));
    }
  }
}

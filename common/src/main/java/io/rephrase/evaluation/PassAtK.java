package io.rephrase.evaluation;

/**
 * The probability that at least one of {@code k} answers solves a problem, Chen et al. 2021 (arXiv
 * 2107.03374): {@code 1 - C(n - c, k) / C(n, k)}, without bias where {@code c} of {@code n} drawn
 * answers did. Stateless and thread-safe.
 */
public final class PassAtK {

  private PassAtK() {}

  /**
   * In [0, 1].
   *
   * @param samples n
   * @param solved c of them
   * @param k at most {@code samples}
   */
  public static double estimate(int samples, int solved, int k) {
    if (k < 1 || k > samples || solved < 0 || solved > samples) {
      throw new IllegalArgumentException(
          "pass@k needs 1 <= k <= samples and 0 <= solved <= samples, got k %d, samples %d, solved %d"
              .formatted(k, samples, solved));
    }
    if (samples - solved < k) {
      return 1;
    }
    // The paper's product: its factors lie in [0, 1), where the binomials overflow.
    double allFail = 1;
    for (int i = samples - solved + 1; i <= samples; i++) {
      allFail *= 1 - (double) k / i;
    }
    return 1 - allFail;
  }
}

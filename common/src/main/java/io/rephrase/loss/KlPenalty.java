package io.rephrase.loss;

/**
 * The k3 estimate of KL(policy, reference): {@code exp(d) - d - 1} with {@code d = l_ref - l}
 * (Schulman, "Approximating KL divergence"). Added per token with the loss's own aggregation.
 * Stateless and thread-safe.
 *
 * @param coefficient beta
 * @param clamped whether d is held within 20 and the estimate within 10, as in verl; not in TRL
 */
public record KlPenalty(double coefficient, boolean clamped) {

  private static final double MAX_DIFFERENCE = 20;
  private static final double MAX_ESTIMATE = 10;

  public KlPenalty {
    if (!(coefficient >= 0)) {
      throw new IllegalArgumentException("coefficient must be >= 0, got " + coefficient);
    }
  }

  /** The estimate at one token. */
  public double estimate(double logProb, double referenceLogProb) {
    double d = difference(logProb, referenceLogProb);
    double k3 = Math.exp(d) - d - 1;
    return clamped ? Math.min(MAX_ESTIMATE, k3) : k3;
  }

  /** d estimate / d logProb. */
  public double gradient(double logProb, double referenceLogProb) {
    double d = difference(logProb, referenceLogProb);
    boolean held =
        clamped
            && (Math.abs(referenceLogProb - logProb) > MAX_DIFFERENCE
                || Math.exp(d) - d - 1 > MAX_ESTIMATE);
    return held ? 0 : 1 - Math.exp(d);
  }

  private double difference(double logProb, double referenceLogProb) {
    double d = referenceLogProb - logProb;
    return clamped ? Math.max(-MAX_DIFFERENCE, Math.min(MAX_DIFFERENCE, d)) : d;
  }
}

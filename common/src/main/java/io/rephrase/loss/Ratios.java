package io.rephrase.loss;

/** Probability ratios, kept finite. */
final class Ratios {

  /** Log ratios are held within this, as in verl; no gradient flows beyond it. */
  static final double MAX_LOG_RATIO = 20;

  private Ratios() {}

  static double clampedLog(double logProb, double oldLogProb) {
    return Math.max(-MAX_LOG_RATIO, Math.min(MAX_LOG_RATIO, logProb - oldLogProb));
  }

  static boolean clamped(double logProb, double oldLogProb) {
    return Math.abs(logProb - oldLogProb) > MAX_LOG_RATIO;
  }

  /** f(p) = p / (p + gamma), LUFFY's policy shaping (arXiv 2504.14945). */
  static double shaped(double probability, double gamma) {
    return probability / (probability + gamma);
  }

  /** d f(p) / d log p = p * gamma / (p + gamma)^2. */
  static double shapedGradient(double probability, double gamma) {
    return probability * gamma / ((probability + gamma) * (probability + gamma));
  }
}

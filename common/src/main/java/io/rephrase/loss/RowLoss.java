package io.rephrase.loss;

/**
 * The loss of one completion before it is weighed within the optimizer step.
 *
 * @param losses of each token; 0 where the mask is 0
 * @param gradients d (sum of losses) / d log-probability of each token
 * @param clippedLow tokens whose ratio was held at the lower bound
 * @param clippedHigh tokens whose ratio was held at the upper bound
 */
public record RowLoss(double[] losses, double[] gradients, int clippedLow, int clippedHigh) {

  /** Sum over tokens. */
  public double total() {
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum;
  }
}

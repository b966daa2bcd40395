package io.rephrase.model;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101), epsilon after the bias correction as in PyTorch.
 *
 * @param learningRate of this step
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled, on every parameter
 */
public record AdamWSettings(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
  public AdamWSettings {
    if (!(learningRate >= 0)) {
      throw new IllegalArgumentException("learningRate must be >= 0, got " + learningRate);
    }
    if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "betas must be in [0, 1), got %s and %s".formatted(beta1, beta2));
    }
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be positive, got " + epsilon);
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weightDecay must be >= 0, got " + weightDecay);
    }
  }
}

package io.rephrase.loss;

/** {@code -l}: supervised fine-tuning. The advantage weighs a completion. Stateless. */
public final class NegativeLogLikelihoodLoss implements PolicyLoss {

  @Override
  public RowLoss compute(LossRow row) {
    int tokens = row.logProbs().length;
    double[] losses = new double[tokens];
    double[] gradients = new double[tokens];
    for (int t = 0; t < tokens; t++) {
      double weight = row.mask()[t] * row.advantage();
      losses[t] = -weight * row.logProbs()[t];
      gradients[t] = -weight;
    }
    return new RowLoss(losses, gradients, 0, 0);
  }
}

package io.rephrase.loss;

/**
 * The clipped ratio on sampled completions, and negative log-likelihood on the expert's: the
 * control {@code grpo+nll}. Stateless and thread-safe.
 */
public final class ClippedRatioWithNll implements PolicyLoss {

  private final PolicyLoss clippedRatio;
  private final PolicyLoss nll = new NegativeLogLikelihoodLoss();

  public ClippedRatioWithNll(ClippedRatioLoss.Config config) {
    this.clippedRatio = new ClippedRatioLoss(config);
  }

  @Override
  public RowLoss compute(LossRow row) {
    return row.source() == RowSource.TEACHER ? nll.compute(row) : clippedRatio.compute(row);
  }
}

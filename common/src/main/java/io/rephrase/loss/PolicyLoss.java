package io.rephrase.loss;

/** A loss over one completion's log-probabilities. Stateless and thread-safe. */
public interface PolicyLoss {

  /** Loss and gradient, token by token. */
  RowLoss compute(LossRow row);
}

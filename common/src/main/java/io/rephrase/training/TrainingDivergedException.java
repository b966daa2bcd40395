package io.rephrase.training;

import io.rephrase.RephraseException;

/** Several optimizer steps in a row had no finite loss or gradient. */
public final class TrainingDivergedException extends RephraseException {

  private static final long serialVersionUID = 1;

  TrainingDivergedException(int skipped, long step) {
    super(
        "%d optimizer steps in a row had a loss or gradient that is not finite, the last at step %d; the last good checkpoint is intact: lower train.learningRate or train.maxGradientNorm in a new run, or start from an earlier policy version"
            .formatted(skipped, step));
  }
}

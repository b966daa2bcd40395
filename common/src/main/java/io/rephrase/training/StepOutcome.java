package io.rephrase.training;

/**
 * What one optimizer step did.
 *
 * @param step its number in the run, from 0
 * @param learningRate of the step
 * @param skipped whether no update was made: loss or gradient were not finite
 * @param loss of the step; NaN where no completion could move the weights, so that none was made
 * @param gradientNorm global 2-norm before clipping; NaN likewise
 * @param meters sums over its tokens
 * @param seconds it took
 */
public record StepOutcome(
    long step,
    double learningRate,
    boolean skipped,
    double loss,
    double gradientNorm,
    StepMeters meters,
    double seconds) {}

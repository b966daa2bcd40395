package io.rephrase.config;

/**
 * How weights are updated.
 *
 * @param learningRate of AdamW, after warm-up
 * @param schedule of the learning rate after warm-up, over all steps of the run
 * @param warmupSteps optimizer steps with a rising learning rate
 * @param stepsPerIteration optimizer steps an iteration's groups are dealt to
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled
 * @param maxGradientNorm global norm that gradients are clipped to
 * @param microBatchTokens of one forward, padding included
 * @param gradientCheckpointing whether layers are computed again in the backward pass
 * @param maxSkippedSteps as many steps in a row without a finite gradient stop the run
 * @param keptOptimizers how many of the newest policies keep their optimizer's state
 */
public record TrainConfig(
    double learningRate,
    Schedule schedule,
    int warmupSteps,
    int stepsPerIteration,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double maxGradientNorm,
    int microBatchTokens,
    GradientCheckpointing gradientCheckpointing,
    int maxSkippedSteps,
    int keptOptimizers) {
  public TrainConfig {
    Rules.atLeast("learningRate", learningRate, 0.0);
    Rules.atLeast("warmupSteps", warmupSteps, 0);
    Rules.atLeast("stepsPerIteration", stepsPerIteration, 1);
    Rules.fromZeroBelowOne("beta1", beta1);
    Rules.fromZeroBelowOne("beta2", beta2);
    Rules.positive("epsilon", epsilon);
    Rules.atLeast("weightDecay", weightDecay, 0.0);
    Rules.positive("maxGradientNorm", maxGradientNorm);
    Rules.atLeast("microBatchTokens", microBatchTokens, 1);
    Rules.atLeast("maxSkippedSteps", maxSkippedSteps, 1);
    Rules.atLeast("keptOptimizers", keptOptimizers, 1);
  }

  /** Of the learning rate. */
  public enum Schedule {
    CONSTANT,
    LINEAR,
    COSINE
  }

  /** {@code AUTO} turns it on where activations would not fit. */
  public enum GradientCheckpointing {
    AUTO,
    ON,
    OFF
  }
}

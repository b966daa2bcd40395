package io.rephrase.training;

import io.rephrase.data.Label;

/**
 * The learning rate of every optimizer step: a linear rise over the warm-up steps, then a shape.
 * Immutable and thread-safe.
 *
 * @param peak after warm-up
 * @param shape after warm-up
 * @param warmupSteps with a rising rate; the first step has peak / warmupSteps
 * @param totalSteps of the whole run; where the rate of falling shapes reaches 0
 */
public record LearningRateSchedule(double peak, Shape shape, long warmupSteps, long totalSteps) {

  /** How the rate goes on after warm-up. */
  public enum Shape implements Label {
    /** Stays at the peak. */
    CONSTANT("constant"),
    /** Falls to 0 in a straight line. */
    LINEAR("linear"),
    /** Falls to 0 along half a cosine. */
    COSINE("cosine");

    private final String label;

    Shape(String label) {
      this.label = label;
    }

    @Override
    public String label() {
      return label;
    }
  }

  public LearningRateSchedule {
    if (!(peak >= 0) || warmupSteps < 0 || totalSteps < 1) {
      throw new IllegalArgumentException(
          "peak and warmupSteps must be >= 0 and totalSteps at least 1, got %s, %d and %d"
              .formatted(peak, warmupSteps, totalSteps));
    }
  }

  /** The rate of the step with this number, from 0. */
  public double at(long step) {
    if (step < warmupSteps) {
      return peak * (step + 1) / warmupSteps;
    }
    double falling = Math.max(1, totalSteps - warmupSteps);
    double progress = Math.min(1, (step - warmupSteps) / falling);
    return switch (shape) {
      case CONSTANT -> peak;
      case LINEAR -> peak * (1 - progress);
      case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * progress));
    };
  }
}

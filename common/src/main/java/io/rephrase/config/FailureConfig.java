package io.rephrase.config;

/**
 * How much may fail.
 *
 * @param maxRatio a stage with a larger share of failed generations, or of judged answers that the
 *     judge failed on, stops the run
 */
public record FailureConfig(double maxRatio) {
  public FailureConfig {
    Rules.fromZeroToOne("maxRatio", maxRatio);
  }
}

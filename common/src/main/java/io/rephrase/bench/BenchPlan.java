package io.rephrase.bench;

import io.rephrase.ConfigurationException;

/**
 * What is measured.
 *
 * @param rows decoded side by side, and trained on together
 * @param promptTokens of each row
 * @param newTokens of each completion
 * @param groupSize rollouts of one prompt in a whole step
 * @param repeats of every measurement after a first one that is not counted
 */
public record BenchPlan(int rows, int promptTokens, int newTokens, int groupSize, int repeats) {

  /** Ragged completions are from this to that share of the plan's length, which is their mean. */
  static final double SHORTEST_SHARE = 0.25;

  static final double LONGEST_SHARE = 1.75;

  public BenchPlan {
    if (rows < 1 || promptTokens < 1 || newTokens < 2 || groupSize < 2 || repeats < 1) {
      throw new IllegalArgumentException(
          ("rows, prompt tokens and repeats must be at least 1, new tokens and the group's size at"
                  + " least 2, got %d, %d, %d, %d and %d")
              .formatted(rows, promptTokens, repeats, newTokens, groupSize));
    }
  }

  /** The longest completion where lengths are ragged. */
  private int longestTokens() {
    return (int) Math.ceil(LONGEST_SHARE * newTokens);
  }

  /**
   * @throws ConfigurationException if a row would be cut short
   */
  void requireRoom(int contextTokens) {
    if (promptTokens + longestTokens() > contextTokens) {
      throw new ConfigurationException(
          "%d prompt tokens and up to %d new ones, where lengths are ragged, do not fit the context of %d; ask for fewer"
              .formatted(promptTokens, longestTokens(), contextTokens));
    }
  }
}

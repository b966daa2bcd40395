package io.rephrase.evaluation;

import java.util.OptionalInt;

/**
 * One rewarded answer to a problem.
 *
 * @param reward in [0, 1]; 1 has solved it
 * @param cluster what it votes for, as {@link AnswerClusters} numbers it; empty where it holds no
 *     answer
 */
public record GradedAnswer(double reward, OptionalInt cluster) {
  public GradedAnswer {
    if (!(reward >= 0 && reward <= 1)) {
      throw new IllegalArgumentException("reward must be in [0, 1], got " + reward);
    }
  }

  /** Whether it solved the problem. */
  public boolean right() {
    return reward == 1;
  }
}

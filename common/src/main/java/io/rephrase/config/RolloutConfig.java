package io.rephrase.config;

import java.util.Map;

/**
 * How rollouts are sampled.
 *
 * @param groupSize rollouts a prompt, G
 * @param promptsPerIteration groups an iteration
 * @param maxTokens of a completion, end included
 * @param temperature positive
 * @param topP in (0, 1]; 1 keeps all
 * @param topK 0 keeps all
 * @param difficultyMix share of each difficulty among an iteration's prompts, by its number; empty
 *     draws from all prompts alike
 */
public record RolloutConfig(
    int groupSize,
    int promptsPerIteration,
    int maxTokens,
    double temperature,
    double topP,
    int topK,
    Map<String, Double> difficultyMix,
    Resample resample) {
  public RolloutConfig {
    difficultyMix = Rules.sorted(difficultyMix);
    Rules.atLeast("groupSize", groupSize, 1);
    Rules.atLeast("promptsPerIteration", promptsPerIteration, 1);
    Rules.atLeast("maxTokens", maxTokens, 1);
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be > 0, got " + temperature + "; use 1.0 to sample");
    }
    Rules.aboveZeroUpToOne("topP", topP);
    Rules.atLeast("topK", topK, 0);
    difficultyMix.forEach(
        (difficulty, share) -> Rules.atLeast("difficultyMix." + difficulty, share, 0));
  }

  /**
   * Dynamic sampling.
   *
   * @param maxRounds how often more prompts are drawn until enough groups have variance
   */
  public record Resample(int maxRounds) {
    public Resample {
      Rules.atLeast("maxRounds", maxRounds, 1);
    }
  }
}

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

  /** The largest row of one group that is written at all. */
  public static final long MAX_GROUP_BYTES = 64L << 20;

  // An id, a log-prob, and about as much text.
  private static final long BYTES_A_TOKEN = 12;

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
        (difficulty, share) -> {
          Rules.number("difficultyMix", difficulty);
          Rules.atLeast("difficultyMix." + difficulty, share, 0);
        });
    long bytes = groupSize * (long) maxTokens * BYTES_A_TOKEN;
    if (bytes > MAX_GROUP_BYTES) {
      throw new IllegalArgumentException(
          "groupSize %,d x maxTokens %,d x %d bytes a token is %,d bytes in one row, over the limit of %,d (64 MB); lower one of the two"
              .formatted(groupSize, maxTokens, BYTES_A_TOKEN, bytes, MAX_GROUP_BYTES));
    }
  }

  /** About how large the row of a group is whose completions are all as long as may be, decoded. */
  public long groupBytes() {
    return groupSize * (long) maxTokens * BYTES_A_TOKEN;
  }

  /**
   * Dynamic sampling.
   *
   * @param maxRounds in which prompts are drawn until enough groups have variance, the first
   *     included
   */
  public record Resample(int maxRounds) {
    public Resample {
      Rules.atLeast("maxRounds", maxRounds, 1);
    }
  }
}

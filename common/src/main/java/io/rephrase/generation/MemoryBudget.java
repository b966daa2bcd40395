package io.rephrase.generation;

import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelMemory;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.decode.Decoder;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What completions may take beside the weights, and what they take: the cache, in which each row is
 * as long as the longest, the logits, and a pass over prompts that are new. Immutable.
 *
 * @param config of the checkpoint
 * @param bytes for all of it; {@link Long#MAX_VALUE} does not bound it
 */
public record MemoryBudget(ModelConfig config, long bytes) {

  /** Numbers of four bytes a vocabulary entry: sorting for top-k and top-p takes most. */
  private static final int SAMPLING_NUMBERS = 12;

  /** Bytes of a token in the cache. */
  public long bytesPerToken() {
    return Decoder.cacheBytes(config, 1, 1);
  }

  /** Bytes of rows side by side, each of so many tokens, prompt and completion. */
  public long rowBytes(int rows, int tokens) {
    long logits = (long) Float.BYTES * SAMPLING_NUMBERS * config.vocabularySize();
    return Decoder.cacheBytes(config, rows, Decoder.heldTokens(config, tokens)) + rows * logits;
  }

  /** Bytes of computing so many tokens of prompts in one pass. */
  public long passBytes(int promptTokens) {
    return new ModelMemory(config, ModelOptions.defaults()).pass(promptTokens);
  }

  /** How many rows of so many tokens fit, beside a pass over a prompt as long; 0 if none. */
  public long rows(int tokens) {
    return Math.max(0, (bytes - passBytes(tokens)) / rowBytes(1, tokens));
  }

  /** The longest rows of which so many fit at a time; 0 if none do. */
  public int longest(int rows) {
    return longest(tokens -> rows(tokens) >= rows);
  }

  private int longest(IntPredicate fits) {
    int shorter = 0;
    int longer = config.contextTokens() + 1;
    while (longer - shorter > 1) {
      int middle = (shorter + longer) >>> 1;
      if (fits.test(middle)) {
        shorter = middle;
      } else {
        longer = middle;
      }
    }
    return shorter;
  }

  /**
   * Why a completion could never be made, even alone.
   *
   * @param promptTokens of its prompt
   * @param tokens prompt and completion together, at most
   */
  public Optional<String> refusal(int promptTokens, int tokens) {
    long pass = passBytes(promptTokens);
    long needed = rowBytes(1, tokens) + pass;
    if (needed <= bytes) {
      return Optional.empty();
    }
    int longest = longest(length -> rowBytes(1, length) + pass <= bytes);
    String remedy =
        longest > promptTokens
            ? "lower --max-tokens (maxTokens) to %d".formatted(longest - promptTokens)
            : "shorten it";
    return Optional.of(
        "the prompt has %d tokens, with its completion up to %d, which take %d bytes (%d of them a pass over the prompt), but %d are left beside the weights; %s, or use more memory"
            .formatted(promptTokens, tokens, needed, pass, bytes, remedy));
  }
}

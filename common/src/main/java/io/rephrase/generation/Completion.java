package io.rephrase.generation;

import io.rephrase.data.FinishReason;
import java.util.Optional;
import java.util.function.Function;

/**
 * One completion.
 *
 * @param key of its request
 * @param tokenIds sampled, the end-of-sequence id included
 * @param logProbs of each under the full softmax at the scoring temperature, nats
 * @param finishReason why it ended
 * @param latencyMs from admission to the last token
 * @param error what went wrong, for {@link FinishReason#ERROR}
 * @param textAlone what a server said that gives no ids; there is nothing to train on then
 */
public record Completion(
    long key,
    int[] tokenIds,
    float[] logProbs,
    FinishReason finishReason,
    long latencyMs,
    Optional<String> error,
    Optional<TextAlone> textAlone) {

  private static final int[] NO_IDS = {};
  private static final float[] NO_LOG_PROBS = {};

  /**
   * An answer of which the ids are not known.
   *
   * @param text without the end-of-sequence token
   * @param tokens how many the server counted; 0 where it does not say
   */
  public record TextAlone(String text, int tokens) {}

  public Completion {
    if (tokenIds.length != logProbs.length) {
      throw new IllegalArgumentException(
          "tokenIds has %d entries and logProbs has %d: they must be equal"
              .formatted(tokenIds.length, logProbs.length));
    }
    if (textAlone.isPresent() && tokenIds.length > 0) {
      throw new IllegalArgumentException(
          "a completion has ids or text alone, got %d ids and a text".formatted(tokenIds.length));
    }
  }

  /** A completion by its ids. */
  public Completion(
      long key,
      int[] tokenIds,
      float[] logProbs,
      FinishReason finishReason,
      long latencyMs,
      Optional<String> error) {
    this(key, tokenIds, logProbs, finishReason, latencyMs, error, Optional.empty());
  }

  /** A request that came to nothing. */
  public static Completion failed(long key, long latencyMs, String error) {
    return new Completion(
        key, NO_IDS, NO_LOG_PROBS, FinishReason.ERROR, latencyMs, Optional.of(error));
  }

  /** A prompt that leaves no room for a token. */
  public static Completion withoutRoom(long key) {
    return new Completion(key, NO_IDS, NO_LOG_PROBS, FinishReason.CONTEXT, 0, Optional.empty());
  }

  /** A server's answer without ids. */
  public static Completion ofText(long key, TextAlone text, FinishReason reason, long latencyMs) {
    return new Completion(
        key, NO_IDS, NO_LOG_PROBS, reason, latencyMs, Optional.empty(), Optional.of(text));
  }

  /** How many tokens were sampled, as far as is known. */
  public int tokens() {
    return textAlone.map(TextAlone::tokens).orElse(tokenIds.length);
  }

  /** The text: what the server said, or the ids as {@code decode} spells them. */
  public String text(Function<int[], String> decode) {
    return textAlone.map(TextAlone::text).orElseGet(() -> decode.apply(tokenIds));
  }
}

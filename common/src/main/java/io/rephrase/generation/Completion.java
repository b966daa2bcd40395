package io.rephrase.generation;

import io.rephrase.data.FinishReason;
import java.util.Optional;

/**
 * One completion.
 *
 * @param key of its request
 * @param tokenIds sampled, the end-of-sequence id included
 * @param logProbs of each under the full softmax at the scoring temperature, nats
 * @param finishReason why it ended
 * @param latencyMs from admission to the last token
 * @param error what went wrong, for {@link FinishReason#ERROR}
 */
public record Completion(
    long key,
    int[] tokenIds,
    float[] logProbs,
    FinishReason finishReason,
    long latencyMs,
    Optional<String> error) {
  public Completion {
    if (tokenIds.length != logProbs.length) {
      throw new IllegalArgumentException(
          "tokenIds has %d entries and logProbs has %d: they must be equal"
              .formatted(tokenIds.length, logProbs.length));
    }
  }
}

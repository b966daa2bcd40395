package io.rephrase.generation;

/**
 * One completion asked for.
 *
 * @param key the caller's own number, handed back with the completion
 * @param promptIds at least one; requests that share the very same array, one after the other, are
 *     prefilled once
 * @param seed of this sample, see {@link io.rephrase.data.Seeds}
 * @param sampling how tokens are drawn
 */
public record GenerationRequest(long key, int[] promptIds, long seed, SamplingParams sampling) {
  public GenerationRequest {
    if (promptIds.length == 0) {
      throw new IllegalArgumentException("promptIds must hold at least one token");
    }
  }
}

package io.rephrase.generation;

import java.util.function.BooleanSupplier;

/**
 * How an engine decodes.
 *
 * @param slots completions decoded side by side; at least 1
 * @param maxContextTokens prompt and completion together; 0 takes the checkpoint's
 * @param memoryBytes that completions may take beside the weights, see {@link MemoryBudget}:
 *     requests wait for it, and one that could never have it fails
 * @param cancelled asked before every step and every scoring pass; true ends it
 */
public record EngineOptions(
    int slots, int maxContextTokens, long memoryBytes, BooleanSupplier cancelled) {
  public EngineOptions {
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be at least 1, got " + slots);
    }
    if (maxContextTokens < 0) {
      throw new IllegalArgumentException(
          "maxContextTokens must be >= 0 (0 takes the checkpoint's), got " + maxContextTokens);
    }
    if (memoryBytes < 1) {
      throw new IllegalArgumentException("memoryBytes must be positive, got " + memoryBytes);
    }
  }

  /** So many slots, the checkpoint's context, no bound on memory, never cancelled. */
  public static EngineOptions of(int slots) {
    return new EngineOptions(slots, 0, Long.MAX_VALUE, () -> false);
  }

  /** The same, ending when {@code signal} says so. */
  public EngineOptions cancelledBy(BooleanSupplier signal) {
    return new EngineOptions(slots, maxContextTokens, memoryBytes, signal);
  }

  /** The same within other limits. */
  public EngineOptions within(int contextTokens, long bytes) {
    return new EngineOptions(slots, contextTokens, bytes, cancelled);
  }
}

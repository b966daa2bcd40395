package io.rephrase.model;

/**
 * A prompt and a completion of it, as ids. The completion's tokens are what is scored or trained.
 *
 * @param promptIds at least one
 * @param completionIds may be empty only for scoring
 */
public record TokenSequence(int[] promptIds, int[] completionIds) {
  public TokenSequence {
    if (promptIds.length == 0) {
      throw new IllegalArgumentException(
          "promptIds must hold at least one token: the first completion token needs something to"
              + " follow");
    }
  }

  /** Prompt and completion together. */
  public int lengthTokens() {
    return promptIds.length + completionIds.length;
  }
}

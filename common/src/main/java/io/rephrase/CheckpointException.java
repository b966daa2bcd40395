package io.rephrase;

/**
 * A checkpoint folder that cannot be read, or that is not what its files claim. The message names
 * the value, the rule and the way out.
 */
public final class CheckpointException extends RephraseException {

  public CheckpointException(String message) {
    super(message);
  }

  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}

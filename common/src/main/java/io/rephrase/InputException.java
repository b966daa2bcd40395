package io.rephrase;

/**
 * Data or files from outside that cannot be used. The message names the value, the rule and the way
 * out.
 */
public final class InputException extends RephraseException {

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}

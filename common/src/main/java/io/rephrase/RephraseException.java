package io.rephrase;

/**
 * Something a user can put right. The message names the value, the rule and the way out; the
 * command line prints it alone, without a stack trace, and exits with 2.
 *
 * <p>Wrong arguments of our own methods are {@link IllegalArgumentException}, bugs are {@link
 * IllegalStateException}; neither is ever wrapped into this type.
 */
public abstract class RephraseException extends RuntimeException {

  protected RephraseException(String message) {
    super(message);
  }

  protected RephraseException(String message, Throwable cause) {
    super(message, cause);
  }
}

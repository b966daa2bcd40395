package io.rephrase;

/**
 * A table, a warehouse or a run's recorded state that does not allow what was asked. The message
 * names the value, the rule and the way out.
 */
public final class TableException extends RephraseException {

  public TableException(String message) {
    super(message);
  }

  public TableException(String message, Throwable cause) {
    super(message, cause);
  }
}

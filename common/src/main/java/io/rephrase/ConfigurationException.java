package io.rephrase;

/**
 * A configuration key or value that a run cannot start with. The message names the value, the rule
 * and the way out.
 */
public final class ConfigurationException extends RephraseException {

  public ConfigurationException(String message) {
    super(message);
  }

  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.rephrase;

/**
 * A server that cannot be worked with: it does not answer, does not let us in, or does not know
 * what it is asked for. The message names its address, what it said and the way out; never a key.
 */
public final class EndpointException extends RephraseException {

  public EndpointException(String message) {
    super(message);
  }

  public EndpointException(String message, Throwable cause) {
    super(message, cause);
  }
}

package io.rephrase.endpoint;

/**
 * One request got no usable answer; others may. The message says what the server said, without any
 * key.
 */
public final class RequestFailedException extends Exception {

  private static final long serialVersionUID = 1;

  /** What it is the fault of. */
  public enum Fault {
    /** The server refused this request. */
    REQUEST,
    /** The server answered, and not in JSON. */
    ANSWER,
    /** The server did not answer until retries or deadline were spent, or waiting was given up. */
    SERVER
  }

  private final Fault fault;
  private final String message;

  RequestFailedException(Fault fault, String message) {
    super(message);
    this.fault = fault;
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }

  public Fault fault() {
    return fault;
  }
}

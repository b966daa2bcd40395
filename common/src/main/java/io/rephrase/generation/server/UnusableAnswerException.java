package io.rephrase.generation.server;

/** An answer that is not what its server should have said; the message says where they part. */
final class UnusableAnswerException extends Exception {

  private static final long serialVersionUID = 1;

  private final String message;

  UnusableAnswerException(String message) {
    super(message);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}

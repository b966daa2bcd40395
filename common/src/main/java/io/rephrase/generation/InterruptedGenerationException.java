package io.rephrase.generation;

/** Generation stopped because its task was cancelled: not an error of the engine or the input. */
public final class InterruptedGenerationException extends RuntimeException {

  public InterruptedGenerationException(String message) {
    super(message);
  }
}

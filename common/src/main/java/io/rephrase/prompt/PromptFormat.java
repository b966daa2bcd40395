package io.rephrase.prompt;

/**
 * How a user's text becomes what the model reads: {@link RawFormat} as it stands, {@code
 * ChatFormat} through the checkpoint's chat template. Thread-safe.
 */
public interface PromptFormat {

  /** The text up to where the assistant's turn begins; special tokens are written out. */
  String render(String userText);

  /** What stands after the assistant's answer, special tokens written out; may be empty. */
  String afterAnswer();
}

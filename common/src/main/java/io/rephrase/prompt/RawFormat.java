package io.rephrase.prompt;

/** The text itself, for base models and for worlds with their own markers. */
public final class RawFormat implements PromptFormat {

  @Override
  public String render(String userText) {
    return userText;
  }

  @Override
  public String afterAnswer() {
    return "";
  }
}

package io.rephrase.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A user's text as one turn of a conversation, through the checkpoint's chat template. */
public final class ChatFormat implements PromptFormat {

  private final ChatTemplate template;
  private final List<ChatMessage> before;
  private final Map<String, String> variables;

  /**
   * @param before turns ahead of the user's, such as a system message; may be empty
   * @param variables handed to the template
   */
  public ChatFormat(
      ChatTemplate template, List<ChatMessage> before, Map<String, String> variables) {
    this.template = template;
    this.before = List.copyOf(before);
    this.variables = Map.copyOf(variables);
  }

  @Override
  public String render(String userText) {
    List<ChatMessage> messages = new ArrayList<>(before);
    messages.add(new ChatMessage("user", userText));
    return template.renderForCompletion(messages, variables);
  }
}

package io.rephrase.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A user's text as one turn of a conversation, through the checkpoint's chat template. */
public final class ChatFormat implements PromptFormat {

  private static final String ANSWER = "an answer by the assistant";

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
    return template.renderForCompletion(asked(userText), variables);
  }

  @Override
  public String afterAnswer() {
    List<ChatMessage> messages = asked("question");
    messages.add(new ChatMessage("assistant", ANSWER));
    String transcript = template.renderTranscript(messages, variables);
    int at = transcript.lastIndexOf(ANSWER);
    return at < 0 ? "" : transcript.substring(at + ANSWER.length());
  }

  private List<ChatMessage> asked(String userText) {
    List<ChatMessage> messages = new ArrayList<>(before);
    messages.add(new ChatMessage("user", userText));
    return messages;
  }
}

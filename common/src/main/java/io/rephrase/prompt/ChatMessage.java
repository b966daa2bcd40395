package io.rephrase.prompt;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}, or what else the template knows
 * @param content its text
 */
public record ChatMessage(String role, String content) {
  public ChatMessage {
    if (role.isBlank()) {
      throw new IllegalArgumentException("role must not be blank, got \"" + role + "\"");
    }
  }
}

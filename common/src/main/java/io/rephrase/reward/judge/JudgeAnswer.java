package io.rephrase.reward.judge;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import java.util.Optional;

/**
 * What a judge said. Its last line alone is the verdict, in one of two forms: an answer that quotes
 * a verdict elsewhere, or goes on after it, decides nothing.
 */
final class JudgeAnswer {

  static final String CORRECT = "Verdict: correct";
  static final String WRONG = "Verdict: wrong";

  private static final String WHOLE = "stop";

  private JudgeAnswer() {}

  /** The verdict in the answer of {@code /v1/chat/completions}, whatever that is. */
  static Verdict verdict(JsonObject answer) {
    Optional<JsonObject> choice = choice(answer);
    Optional<String> text = choice.flatMap(JudgeAnswer::content);
    if (text.isEmpty()) {
      return unreadable(answer.toString());
    }
    boolean whole = choice.flatMap(one -> text(one, "finish_reason")).orElse("").equals(WHOLE);
    return whole ? verdict(text.get()) : unreadable(text.get());
  }

  private static Verdict verdict(String said) {
    String[] lines = said.strip().split("\\R");
    return switch (lines[lines.length - 1].strip()) {
      case CORRECT -> decided(1, VerdictStatus.CORRECT, said);
      case WRONG -> decided(0, VerdictStatus.WRONG, said);
      default -> unreadable(said);
    };
  }

  private static Verdict decided(double reward, VerdictStatus status, String said) {
    return new Verdict(
        Optional.of(reward), Optional.empty(), "judge-verdict", status, Optional.of(said));
  }

  private static Verdict unreadable(String said) {
    return Verdict.judgeFailed("judge-unreadable", said);
  }

  private static Optional<JsonObject> choice(JsonObject answer) {
    return answer.get("choices") instanceof JsonArray choices
            && choices.size() == 1
            && choices.get(0).isJsonObject()
        ? Optional.of(choices.get(0).getAsJsonObject())
        : Optional.empty();
  }

  private static Optional<String> content(JsonObject choice) {
    return choice.get("message") instanceof JsonObject message
        ? text(message, "content")
        : Optional.empty();
  }

  private static Optional<String> text(JsonObject object, String name) {
    JsonElement field = object.get(name);
    return field != null && field.isJsonPrimitive()
        ? Optional.of(field.getAsString())
        : Optional.empty();
  }
}

package io.rephrase.reward.files;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.data.Verdict;
import io.rephrase.lines.JsonLines;
import io.rephrase.reward.ChoiceOptions;
import io.rephrase.reward.ChoiceVerifier;
import io.rephrase.reward.Verifier;
import io.rephrase.reward.Verifiers;

/** One line of a grade file. Thread-safe. */
final class LineGrader {

  /** A line of output, and whether it is an error. */
  record Graded(String json, boolean failed) {}

  private final String defaultVerifier;

  LineGrader(String defaultVerifier) {
    this.defaultVerifier = defaultVerifier;
  }

  Graded grade(JsonLines.Line line) {
    try {
      return new Graded(JsonLines.text(graded(line.object())), false);
    } catch (InputException | ConfigurationException bad) {
      JsonObject error = new JsonObject();
      error.addProperty("line", line.number());
      error.addProperty("error", bad.getMessage());
      return new Graded(JsonLines.text(error), true);
    }
  }

  private JsonObject graded(JsonObject row) {
    JsonElement id = row.get("id");
    if (id == null || !id.isJsonPrimitive()) {
      throw new InputException("field id is missing; give each line an id, text or number");
    }
    String gold = text(row, "gold");
    String completion = text(row, "completion");
    Verdict verdict = verifier(row).verify(completion, gold);
    JsonObject out = new JsonObject();
    out.add("id", id);
    verdict
        .reward()
        .ifPresentOrElse(
            reward -> out.addProperty("reward", reward),
            () -> out.add("reward", JsonNull.INSTANCE));
    verdict
        .extracted()
        .ifPresentOrElse(
            answer -> out.addProperty("extracted", answer),
            () -> out.add("extracted", JsonNull.INSTANCE));
    out.addProperty("rule", verdict.rule());
    out.addProperty("status", verdict.status().label());
    return out;
  }

  private Verifier verifier(JsonObject row) {
    boolean named = row.has("verifier") && !row.get("verifier").isJsonNull();
    Verifier verifier = Verifiers.named(named ? text(row, "verifier") : defaultVerifier);
    if (!verifier.name().equals(Verifiers.CHOICE.label()) || !row.has("options")) {
      return verifier;
    }
    String letters = text(row, "options");
    try {
      return new ChoiceVerifier(ChoiceOptions.ofLetters(letters));
    } catch (IllegalArgumentException wrong) {
      throw new InputException("field options: " + wrong.getMessage(), wrong);
    }
  }

  private static String text(JsonObject row, String field) {
    JsonElement value = row.get(field);
    if (value == null || !value.isJsonPrimitive()) {
      throw new InputException("field " + field + " is missing or no text");
    }
    return value.getAsString();
  }
}

package io.rephrase.reward.files;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.rephrase.ConfigurationException;
import io.rephrase.data.Verdict;
import io.rephrase.reward.ChoiceOptions;
import io.rephrase.reward.ChoiceVerifier;
import io.rephrase.reward.Verifier;
import io.rephrase.reward.Verifiers;

/** One line of a grade file. Thread-safe. */
final class LineGrader {

  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  /** A line of output, and whether it is an error. */
  record Graded(String json, boolean failed) {}

  /** A line that does not say what to grade. */
  private static final class BadLine extends Exception {
    private static final long serialVersionUID = 1L;

    BadLine(String message) {
      super(message);
    }
  }

  private final String defaultVerifier;

  LineGrader(String defaultVerifier) {
    this.defaultVerifier = defaultVerifier;
  }

  Graded grade(long number, String line) {
    try {
      return new Graded(GSON.toJson(graded(object(line))), false);
    } catch (BadLine | ConfigurationException | JsonParseException bad) {
      JsonObject error = new JsonObject();
      error.addProperty("line", number);
      error.addProperty("error", bad.getMessage());
      return new Graded(GSON.toJson(error), true);
    }
  }

  private static JsonObject object(String line) throws BadLine {
    JsonElement element = GSON.fromJson(line, JsonElement.class);
    if (element == null || !element.isJsonObject() || !line.strip().startsWith("{")) {
      throw new BadLine("is no JSON object");
    }
    return element.getAsJsonObject();
  }

  private JsonObject graded(JsonObject row) throws BadLine {
    JsonElement id = row.get("id");
    if (id == null || !id.isJsonPrimitive()) {
      throw new BadLine("field id is missing; give each line an id, text or number");
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

  private Verifier verifier(JsonObject row) throws BadLine {
    boolean named = row.has("verifier") && !row.get("verifier").isJsonNull();
    Verifier verifier = Verifiers.named(named ? text(row, "verifier") : defaultVerifier);
    if (!verifier.name().equals(Verifiers.CHOICE.label()) || !row.has("options")) {
      return verifier;
    }
    String letters = text(row, "options");
    try {
      return new ChoiceVerifier(ChoiceOptions.ofLetters(letters));
    } catch (IllegalArgumentException wrong) {
      throw new BadLine("field options: " + wrong.getMessage());
    }
  }

  private static String text(JsonObject row, String field) throws BadLine {
    JsonElement value = row.get(field);
    if (value == null || !value.isJsonPrimitive()) {
      throw new BadLine("field " + field + " is missing or no text");
    }
    return value.getAsString();
  }
}

package io.rephrase.reward.files;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import io.rephrase.lines.JsonLines;
import io.rephrase.reward.ChoiceOptions;
import io.rephrase.reward.ChoiceVerifier;
import io.rephrase.reward.Judge;
import io.rephrase.reward.JudgeVerifier;
import io.rephrase.reward.Verifier;
import io.rephrase.reward.Verifiers;
import java.util.concurrent.CompletableFuture;

/** One line of a grade file. Thread-safe. */
final class LineGrader {

  /** A line of output, and whether it is an error or has no verdict. */
  record Graded(String json, boolean failed) {}

  private final String defaultVerifier;
  private final Judge judge;

  LineGrader(String defaultVerifier, Judge judge) {
    this.defaultVerifier = defaultVerifier;
    this.judge = judge;
  }

  /** The line graded, at once or when its judge has answered. */
  CompletableFuture<Graded> grade(JsonLines.Line line) {
    try {
      return graded(line.object());
    } catch (InputException | ConfigurationException bad) {
      JsonObject error = new JsonObject();
      error.addProperty("line", line.number());
      error.addProperty("error", bad.getMessage());
      return CompletableFuture.completedFuture(new Graded(JsonLines.text(error), true));
    }
  }

  private CompletableFuture<Graded> graded(JsonObject row) {
    JsonElement id = row.get("id");
    if (id == null || !id.isJsonPrimitive()) {
      throw new InputException("field id is missing; give each line an id, text or number");
    }
    String gold = text(row, "gold");
    String completion = text(row, "completion");
    return verifier(row)
        .verifyAsync(completion, gold)
        .thenApply(
            verdict ->
                new Graded(
                    JsonLines.text(written(id, verdict)),
                    verdict.status() == VerdictStatus.JUDGE_FAILED));
  }

  private static JsonObject written(JsonElement id, Verdict verdict) {
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
    verdict.judgeAnswer().ifPresent(said -> out.addProperty("judge_answer", said));
    return out;
  }

  private Verifier verifier(JsonObject row) {
    boolean named = row.has("verifier") && !row.get("verifier").isJsonNull();
    Verifier verifier = Verifiers.named(named ? text(row, "verifier") : defaultVerifier);
    if (verifier.name().equals(Verifiers.LLM_JUDGE.label())) {
      return new JudgeVerifier(text(row, "question"), judge);
    }
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

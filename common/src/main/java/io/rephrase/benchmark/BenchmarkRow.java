package io.rephrase.benchmark;

import com.google.gson.JsonObject;
import io.rephrase.reward.Verifiers;
import java.util.Map;
import java.util.Optional;

/**
 * A benchmark's row as a prompt.
 *
 * @param id of the row; empty where the format has none
 * @param question with its options, as the model sees it
 * @param gold as the verifier reads it
 * @param knowledge a worked solution; empty where the format has none
 * @param difficulty in the format's own unit
 * @param metadata {@code subject} and what else the format says
 */
public record BenchmarkRow(
    Optional<String> id,
    String question,
    String gold,
    Verifiers verifier,
    Optional<String> knowledge,
    Optional<Double> difficulty,
    Map<String, String> metadata) {
  public BenchmarkRow {
    metadata = Map.copyOf(metadata);
  }

  /** In the columns of the prompts table; what is empty is left out. */
  public JsonObject promptColumns() {
    JsonObject columns = new JsonObject();
    id.ifPresent(value -> columns.addProperty("prompt_id", value));
    columns.addProperty("question", question);
    columns.addProperty("gold", gold);
    columns.addProperty("verifier", verifier.label());
    knowledge.ifPresent(value -> columns.addProperty("knowledge", value));
    difficulty.ifPresent(value -> columns.addProperty("difficulty", value));
    JsonObject more = new JsonObject();
    metadata.forEach(more::addProperty);
    columns.add("metadata", more);
    return columns;
  }
}

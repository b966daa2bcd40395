package io.rephrase.jobs.spark;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.rephrase.InputException;
import io.rephrase.benchmark.Benchmarks;
import io.rephrase.data.Label;
import io.rephrase.data.Sha256;
import io.rephrase.lines.JsonLines;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One input record (source, line, raw JSON, problem of reading it or NULL) as a prompt, or with the
 * reason why it is none. Never throws for what a record holds.
 */
public final class PromptParser implements MapFunction<Row, Row> {

  private static final long serialVersionUID = 1;

  /** What every record becomes; {@code reason} is NULL for a usable one. */
  public static final StructType SCHEMA =
      StructType.fromDDL(
          "source STRING, line BIGINT, raw STRING, content_hash STRING, reason STRING,"
              + " detail STRING, dataset STRING, prompt_id STRING, question STRING, gold STRING,"
              + " verifier STRING, knowledge STRING, knowledge_source STRING, split STRING,"
              + " difficulty DOUBLE, metadata MAP<STRING, STRING>");

  /**
   * What fills in for fields a record lacks.
   *
   * @param dataset of every record
   * @param benchmark label of the format the records have; blank for our columns
   * @param optionSeed of the order of a benchmark's options
   * @param split blank requires the field
   * @param verifier blank requires the field; in place of a benchmark's own
   * @param knowledgeSource blank leaves it out
   * @param columns our name to theirs, for those that differ
   */
  public record Defaults(
      String dataset,
      String benchmark,
      long optionSeed,
      String split,
      String verifier,
      String knowledgeSource,
      Map<String, String> columns)
      implements Serializable {
    public Defaults {
      columns = Map.copyOf(columns);
    }
  }

  private final Defaults defaults;
  private final GoldCheck goldCheck;

  public PromptParser(Defaults defaults, GoldCheck goldCheck) {
    this.defaults = defaults;
    this.goldCheck = goldCheck;
  }

  @Override
  public Row call(Row input) {
    String raw = input.getString(2);
    @Nullable Object[] cells = new @Nullable Object[SCHEMA.size()];
    cells[0] = input.get(0);
    cells[1] = input.get(1);
    cells[2] = raw;
    cells[3] = Sha256.hex(raw);
    cells[6] = defaults.dataset();
    try {
      if (!input.isNullAt(3)) {
        throw new Rejection("malformed", input.getString(3));
      }
      fill(cells, promptColumns(parse(raw)));
    } catch (Rejection rejection) {
      cells[4] = rejection.reason;
      cells[5] = rejection.getMessage();
    }
    return RowFactory.create(cells);
  }

  private JsonObject promptColumns(JsonObject record) throws Rejection {
    if (defaults.benchmark().isBlank()) {
      return record;
    }
    Benchmarks benchmark = Label.parse(Benchmarks.class, defaults.benchmark());
    try {
      JsonObject columns = benchmark.read(record, defaults.optionSeed()).promptColumns();
      if (!defaults.verifier().isBlank()) {
        columns.addProperty("verifier", defaults.verifier());
      }
      return columns;
    } catch (InputException e) {
      throw new Rejection("malformed", String.valueOf(e.getMessage()));
    }
  }

  private void fill(@Nullable Object[] cells, JsonObject record) throws Rejection {
    String question = text(record, "question").orElse("");
    require(!question.isBlank(), "missing-question", "no text in " + theirs("question"));
    String gold = text(record, "gold").orElse("");
    require(!gold.isBlank(), "empty-gold", "no answer in " + theirs("gold"));
    String verifier = text(record, "verifier").orElse(defaults.verifier());
    require(!verifier.isBlank(), "unknown-verifier", lacking("verifier"));
    Optional<String> unknown = goldCheck.unknown(verifier);
    require(unknown.isEmpty(), "unknown-verifier", unknown.orElse(""));
    Optional<String> problem = goldCheck.problem(verifier, gold, question);
    require(problem.isEmpty(), "unreadable-gold", problem.orElse(""));
    String split = text(record, "split").orElse(defaults.split());
    require(!split.isBlank(), "missing-split", lacking("split"));
    Optional<String> knowledge = text(record, "knowledge").filter(k -> !k.isBlank());
    cells[7] = text(record, "prompt_id").orElse("q-" + Sha256.hex(question).substring(0, 16));
    cells[8] = question;
    cells[9] = gold;
    cells[10] = verifier;
    cells[11] = knowledge.orElse(null);
    cells[12] = knowledge.isPresent() ? knowledgeSource(record) : null;
    cells[13] = split;
    cells[14] = difficulty(record);
    cells[15] = CollectionConverters.asScala(metadata(record));
  }

  private String lacking(String column) {
    return "no text in %s; data.sources.%s.%s gives one to rows without"
        .formatted(theirs(column), defaults.dataset(), column);
  }

  private @Nullable String knowledgeSource(JsonObject record) throws Rejection {
    return text(record, "knowledge_source")
        .or(() -> Optional.of(defaults.knowledgeSource()).filter(s -> !s.isBlank()))
        .orElse(null);
  }

  private @Nullable Double difficulty(JsonObject record) throws Rejection {
    Optional<String> text = text(record, "difficulty").filter(d -> !d.isBlank());
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Double.valueOf(text.get());
    } catch (NumberFormatException e) {
      throw new Rejection("malformed", "difficulty is no number: \"" + text.get() + "\"");
    }
  }

  private Map<String, String> metadata(JsonObject record) throws Rejection {
    JsonElement element = record.get(theirs("metadata"));
    Map<String, String> metadata = new LinkedHashMap<>();
    if (element == null || element.isJsonNull()) {
      return metadata;
    }
    require(element.isJsonObject(), "malformed", "metadata is no object");
    for (Map.Entry<String, JsonElement> entry : element.getAsJsonObject().entrySet()) {
      JsonElement value = entry.getValue();
      if (!value.isJsonNull()) {
        metadata.put(
            entry.getKey(), value.isJsonPrimitive() ? value.getAsString() : value.toString());
      }
    }
    return metadata;
  }

  private Optional<String> text(JsonObject record, String column) throws Rejection {
    JsonElement element = record.get(theirs(column));
    if (element == null || element.isJsonNull()) {
      return Optional.empty();
    }
    require(element.isJsonPrimitive(), "malformed", theirs(column) + " is no text or number");
    return Optional.of(element.getAsString());
  }

  private String theirs(String column) {
    return defaults.columns().getOrDefault(column, column);
  }

  private static JsonObject parse(String raw) throws Rejection {
    try {
      return JsonLines.object(raw);
    } catch (InputException e) {
      throw new Rejection("malformed", String.valueOf(e.getMessage()));
    }
  }

  private static void require(boolean holds, String reason, String detail) throws Rejection {
    if (!holds) {
      throw new Rejection(reason, detail);
    }
  }

  /** Why a record is no prompt. */
  private static final class Rejection extends Exception {
    private static final long serialVersionUID = 1;
    private final String reason;

    Rejection(String reason, String detail) {
      super(detail);
      this.reason = reason;
    }
  }
}

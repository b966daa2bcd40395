package io.rephrase.benchmark;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.rephrase.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One record of a benchmark's file, read by column. */
final class RawRow {

  private final Benchmarks benchmark;
  private final JsonObject columns;
  private final String path;
  private final long optionSeed;

  RawRow(Benchmarks benchmark, JsonObject columns, long optionSeed) {
    this(benchmark, columns, "", optionSeed);
  }

  private RawRow(Benchmarks benchmark, JsonObject columns, String path, long optionSeed) {
    this.benchmark = benchmark;
    this.columns = columns;
    this.path = path;
    this.optionSeed = optionSeed;
  }

  long optionSeed() {
    return optionSeed;
  }

  boolean has(String column) {
    return present(columns.get(column));
  }

  /** The text of the first of these columns that has one, without white space around it. */
  String text(String... names) {
    return optional(names).orElseThrow(() -> missing(names[0], "text"));
  }

  /** As {@link #text}; empty where none of the columns has a text. */
  Optional<String> optional(String... names) {
    for (String name : names) {
      JsonElement element = columns.get(name);
      if (element != null && element.isJsonPrimitive() && !element.getAsString().isBlank()) {
        return Optional.of(element.getAsString().strip());
      }
    }
    return Optional.empty();
  }

  /** The texts of a column that is a list. */
  List<String> texts(String column) {
    return texts(list(column), column);
  }

  /** The texts of a column that is a list of lists. */
  List<List<String>> table(String column) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonElement row : list(column)) {
      if (!row.isJsonArray()) {
        throw missing(column, "list of lists");
      }
      rows.add(texts(row.getAsJsonArray(), column));
    }
    return rows;
  }

  /** The columns inside a column. */
  RawRow within(String column) {
    if (columns.get(column) instanceof JsonObject inner) {
      return new RawRow(benchmark, inner, path + column + ".", optionSeed);
    }
    throw missing(column, "object");
  }

  /** A column that is there says what it must not say. */
  InputException wrong(String column, String why) {
    return new InputException("%s: column %s%s %s".formatted(benchmark.label(), path, column, why));
  }

  private JsonArray list(String column) {
    if (columns.get(column) instanceof JsonArray array) {
      return array;
    }
    throw missing(column, "list");
  }

  private List<String> texts(JsonArray array, String column) {
    List<String> texts = new ArrayList<>();
    for (JsonElement element : array) {
      if (!element.isJsonPrimitive()) {
        throw missing(column, "list of texts");
      }
      texts.add(element.getAsString());
    }
    return texts;
  }

  private InputException missing(String column, String kind) {
    return new InputException(
        "%s: no %s in column %s%s; a row has %s; this one has %s"
            .formatted(
                benchmark.label(),
                kind,
                path,
                column,
                benchmark.columns(),
                String.join(", ", columns.keySet())));
  }

  private static boolean present(@Nullable JsonElement element) {
    return element != null && !element.isJsonNull();
  }
}

package io.rephrase.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A JSON object of a checkpoint folder, read key by key: config.json, generation_config.json, or an
 * object within. A key whose value is null counts as absent. Immutable.
 */
public final class ConfigFile {
  private final String name;
  private final JsonObject json;

  private ConfigFile(String name, JsonObject json) {
    this.name = name;
    this.json = json;
  }

  /**
   * @throws CheckpointException if the file is missing or no JSON object
   */
  static ConfigFile read(Path file) {
    try {
      return new ConfigFile(
          file.toString(), JsonParser.parseString(Files.readString(file)).getAsJsonObject());
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          file + " does not exist; give a Hugging Face model folder, which has a config.json", e);
    } catch (IOException e) {
      throw new CheckpointException(
          file + " cannot be read; give a Hugging Face model folder, which has a config.json", e);
    } catch (JsonParseException | IllegalStateException e) {
      throw new CheckpointException(file + " must be a JSON object; fetch it again", e);
    }
  }

  /** The whole object; a copy. */
  JsonObject json() {
    return json.deepCopy();
  }

  /** An object under a key. */
  public Optional<ConfigFile> object(String key) {
    return value(key, "an object", JsonElement::getAsJsonObject)
        .map(inner -> new ConfigFile(name + ": " + key, inner));
  }

  /** A positive whole number that must be there. */
  public int size(String key) {
    return optionalSize(key)
        .orElseThrow(
            () ->
                new CheckpointException(
                    "%s lacks %s, which this family needs; use the checkpoint's own file"
                        .formatted(name, key)));
  }

  /** A positive whole number. */
  public Optional<Integer> optionalSize(String key) {
    Optional<Integer> size = value(key, "a whole number", ConfigFile::whole);
    size.filter(number -> number < 1)
        .ifPresent(
            number -> {
              throw wrong(key, "a positive whole number", String.valueOf(number));
            });
    return size;
  }

  /** A number. */
  public Optional<Double> number(String key) {
    return value(key, "a number", JsonElement::getAsDouble);
  }

  /** A number above 0. */
  public Optional<Double> positive(String key) {
    Optional<Double> positive = number(key);
    positive
        .filter(number -> !(number > 0) || number.isInfinite())
        .ifPresent(
            number -> {
              throw wrong(key, "a number above 0", String.valueOf(number));
            });
    return positive;
  }

  /** A truth value; absent is false. */
  public boolean flag(String key) {
    return optionalFlag(key).orElse(false);
  }

  /** A truth value. */
  public Optional<Boolean> optionalFlag(String key) {
    return value(
        key,
        "true or false",
        flag -> {
          if (!flag.getAsJsonPrimitive().isBoolean()) {
            throw new IllegalStateException("no truth value"); // Gson reads any text as false.
          }
          return flag.getAsBoolean();
        });
  }

  /** A text. */
  public Optional<String> text(String key) {
    return value(key, "a text", ConfigFile::string);
  }

  /** Texts; absent is none. */
  public List<String> texts(String key) {
    return value(
            key,
            "a list of texts",
            list -> list.getAsJsonArray().asList().stream().map(ConfigFile::string).toList())
        .orElse(List.of());
  }

  /** A text, or a list of them; absent is none. */
  List<String> textOrTexts(String key) {
    return value(
            key,
            "a text or a list of texts",
            texts ->
                texts.isJsonArray()
                    ? texts.getAsJsonArray().asList().stream().map(ConfigFile::string).toList()
                    : List.of(string(texts)))
        .orElse(List.of());
  }

  /** A whole number, or a list of them; absent is none. */
  public List<Integer> ids(String key) {
    return value(
            key,
            "an id or a list of ids",
            ids ->
                ids.isJsonArray()
                    ? ids.getAsJsonArray().asList().stream().map(ConfigFile::whole).toList()
                    : List.of(whole(ids)))
        .orElse(List.of());
  }

  /** Refuses a flag that asks for what no kernel of this family computes. */
  public void refuseTrue(String key) {
    if (flag(key)) {
      throw wrong(key, "false: this family is computed without it", "true");
    }
  }

  /** Refuses a value, whatever it is, that no kernel of this family knows what to do with. */
  public void refusePresent(String key) {
    value(key, "absent", Function.identity())
        .ifPresent(
            value -> {
              throw wrong(key, "absent: this family is computed without it", value.toString());
            });
  }

  /** Refuses an object with anything in it. */
  void refuseEntries(String key) {
    object(key)
        .filter(object -> object.json.size() > 0)
        .ifPresent(
            object -> {
              throw wrong(key, "absent or {}", object.json.toString());
            });
  }

  /** Refuses attention that sees a window only, in any layer. */
  public void refuseSlidingLayers() {
    texts("layer_types").stream()
        .filter(type -> !type.equals("full_attention"))
        .findFirst()
        .ifPresent(
            type -> {
              throw wrong("layer_types", "full_attention in every layer", type);
            });
  }

  /** What a value says against the rule of this key. */
  public CheckpointException wrong(String key, String rule, String got) {
    return new CheckpointException(
        "%s: %s must be %s, got %s; use another checkpoint, or put its file right"
            .formatted(name, key, rule, got));
  }

  private static int whole(JsonElement element) {
    return element.getAsBigDecimal().intValueExact();
  }

  private static String string(JsonElement element) {
    if (!element.getAsJsonPrimitive().isString()) {
      throw new IllegalStateException("no text");
    }
    return element.getAsString();
  }

  private <T> Optional<T> value(String key, String rule, Function<JsonElement, T> read) {
    JsonElement element = json.get(key);
    if (element == null || element.isJsonNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read.apply(element));
    } catch (IllegalStateException
        | ClassCastException
        | ArithmeticException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw wrong(key, rule, element.toString());
    }
  }
}

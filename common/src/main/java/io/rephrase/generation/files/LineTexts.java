package io.rephrase.generation.files;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.rephrase.CheckpointException;
import io.rephrase.InputException;
import io.rephrase.lines.JsonLines;
import io.rephrase.model.ModelConfig;
import io.rephrase.prompt.ChatMessage;
import io.rephrase.prompt.ChatTemplate;
import io.rephrase.prompt.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a line says into ids: {@code prompt} is plain text and gets what the tokenizer adds
 * around a text, {@code messages} go through the chat template, ids are taken as given. Errors are
 * {@link InputException}s that speak of the line. Owns the tokenizer.
 */
final class LineTexts implements AutoCloseable {
  private static final List<String> PROMPT_KEYS = List.of("prompt", "messages", "prompt_ids");

  private final Path folder;
  private final ModelConfig config;
  private final Optional<Tokenizer> tokenizer;
  private Optional<ChatTemplate> template = Optional.empty();

  LineTexts(Path folder, ModelConfig config) {
    this.folder = folder;
    this.config = config;
    this.tokenizer =
        Files.exists(folder.resolve("tokenizer.json"))
            ? Optional.of(Tokenizer.open(folder))
            : Optional.empty();
    tokenizer.ifPresent(one -> one.checkFits(config.vocabularySize()));
  }

  /** The line's own name, any text or number. */
  static JsonElement id(JsonObject line) {
    JsonElement id = line.get("id");
    if (id == null || !id.isJsonPrimitive()) {
      throw new InputException("\"id\" must be a string or a number, got " + excerpt(id));
    }
    return id;
  }

  /** Prompt and completion together. */
  int contextTokens() {
    return config.contextTokens();
  }

  int[] promptIds(JsonObject line) {
    int[] ids =
        switch (only(line, PROMPT_KEYS)) {
          case "prompt" -> tokenizer().encodeWithSpecialTokens(string(line, "prompt"));
          case "messages" -> tokenizer().encode(conversation(line));
          default -> ids(line, "prompt_ids");
        };
    if (ids.length == 0) {
      throw new InputException("the prompt is empty; it must hold at least one token");
    }
    return ids;
  }

  /** Of {@code completion} or {@code completion_ids}; only a text is followed by {@code after}. */
  int[] completionIds(JsonObject line, int[] after) {
    if (only(line, List.of("completion", "completion_ids")).equals("completion_ids")) {
      return ids(line, "completion_ids");
    }
    int[] text = tokenizer().encode(string(line, "completion"));
    int[] ids = Arrays.copyOf(text, text.length + after.length);
    System.arraycopy(after, 0, ids, text.length, after.length);
    return ids;
  }

  /** Without special tokens; empty where the checkpoint has no tokenizer. */
  Optional<String> text(int[] ids) {
    return tokenizer.map(one -> one.decode(ids));
  }

  private Tokenizer tokenizer() {
    return tokenizer.orElseThrow(
        () ->
            new InputException(
                folder
                    + " has no tokenizer.json, so texts cannot be read; give ids (prompt_ids, completion_ids)"));
  }

  private String conversation(JsonObject line) {
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonElement element : array(line, "messages")) {
      if (!element.isJsonObject()) {
        throw new InputException(
            "\"messages\" must hold objects with \"role\" and \"content\", got "
                + excerpt(element));
      }
      JsonObject message = element.getAsJsonObject();
      messages.add(message(string(message, "role"), string(message, "content")));
    }
    try {
      if (template.isEmpty()) {
        template = Optional.of(ChatTemplate.open(folder));
      }
      return template.get().renderForCompletion(messages, Map.of());
    } catch (CheckpointException e) {
      throw new InputException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ChatMessage message(String role, String content) {
    if (role.isBlank()) {
      throw new InputException("\"role\" must not be blank; use system, user or assistant");
    }
    return new ChatMessage(role, content);
  }

  private static String excerpt(@Nullable JsonElement value) {
    return JsonLines.excerpt(String.valueOf(value));
  }

  private static String only(JsonObject line, List<String> keys) {
    List<String> given = keys.stream().filter(line::has).toList();
    if (given.size() != 1) {
      throw new InputException(
          "a line must have exactly one of %s, got %s"
              .formatted(String.join(", ", keys), given.isEmpty() ? "none" : given));
    }
    return given.get(0);
  }

  private static String string(JsonObject object, String key) {
    JsonElement value = object.get(key);
    if (value == null || !value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw new InputException("\"%s\" must be a string, got %s".formatted(key, excerpt(value)));
    }
    return value.getAsString();
  }

  private static JsonArray array(JsonObject object, String key) {
    JsonElement value = object.get(key);
    if (value == null || !value.isJsonArray()) {
      throw new InputException("\"%s\" must be an array, got %s".formatted(key, excerpt(value)));
    }
    return value.getAsJsonArray();
  }

  private int[] ids(JsonObject line, String key) {
    JsonArray values = array(line, key);
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = id(values.get(i), key);
    }
    return ids;
  }

  private int id(JsonElement value, String key) {
    boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    double id = number ? value.getAsDouble() : -1;
    if (id != Math.rint(id) || id < 0 || id >= config.vocabularySize()) {
      throw new InputException(
          "\"%s\" must hold whole numbers in [0, %d), got %s"
              .formatted(key, config.vocabularySize(), value));
    }
    return (int) id;
  }

  @Override
  public void close() {
    tokenizer.ifPresent(Tokenizer::close);
  }
}

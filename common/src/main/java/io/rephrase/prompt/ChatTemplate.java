package io.rephrase.prompt;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.graalvm.polyglot.PolyglotException;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's chat template: {@code chat_template.jinja}, else {@code chat_template} of {@code
 * tokenizer_config.json}. The rendered text holds every special token the template writes, BOS
 * included, so it is tokenised without adding any. Immutable and thread-safe; the engine starts
 * with the first rendering.
 */
public final class ChatTemplate {

  private static final String TEMPLATE_FILE = "chat_template.jinja";
  private static final String CONFIG_FILE = "tokenizer_config.json";

  private final String origin;
  private final String text;
  private final Map<String, Object> specialTokens;

  private ChatTemplate(String origin, String text, Map<String, Object> specialTokens) {
    this.origin = origin;
    this.text = text;
    this.specialTokens = Map.copyOf(specialTokens);
  }

  /**
   * A template written in place.
   *
   * @param origin names it in messages
   * @param specialTokens such as {@code bos_token}, by variable name
   */
  public static ChatTemplate of(String origin, String text, Map<String, String> specialTokens) {
    return new ChatTemplate(origin, text, new LinkedHashMap<>(specialTokens));
  }

  /**
   * The template of a checkpoint folder.
   *
   * @throws CheckpointException if it has none
   */
  public static ChatTemplate open(Path checkpointFolder) {
    Path configFile = checkpointFolder.resolve(CONFIG_FILE);
    JsonObject config = Files.exists(configFile) ? readJson(configFile) : new JsonObject();
    Path templateFile = checkpointFolder.resolve(TEMPLATE_FILE);
    if (Files.exists(templateFile)) {
      return new ChatTemplate(templateFile.toString(), read(templateFile), specialTokens(config));
    }
    return new ChatTemplate(
        configFile.toString(),
        inConfig(configFile, config.get("chat_template"))
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "%s has no chat template, neither %s nor chat_template in %s; give the model bare prompts instead (data.chatTemplate = false; \"prompt\" in a line)"
                            .formatted(checkpointFolder, TEMPLATE_FILE, CONFIG_FILE))),
        specialTokens(config));
  }

  private static Optional<String> inConfig(Path file, @Nullable JsonElement element) {
    try {
      return defaultTemplate(element);
    } catch (IllegalStateException e) {
      throw new CheckpointException(
          "%s: chat_template must be a text or a list of {\"name\", \"template\"}, got %s; copy it anew from the model's repository"
              .formatted(file, element),
          e);
    }
  }

  /** A string, or a list of {name, template} of which "default" counts. */
  private static Optional<String> defaultTemplate(@Nullable JsonElement element) {
    if (element == null || element.isJsonNull()) {
      return Optional.empty();
    }
    if (isString(element)) {
      return Optional.of(element.getAsString());
    }
    for (JsonElement entry : element.getAsJsonArray()) {
      Map<String, JsonElement> named = entry.getAsJsonObject().asMap();
      JsonElement template = named.getOrDefault("template", JsonNull.INSTANCE);
      if (new JsonPrimitive("default").equals(named.get("name")) && isString(template)) {
        return Optional.of(template.getAsString());
      }
    }
    return Optional.empty();
  }

  private static boolean isString(JsonElement element) {
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
  }

  /** Entries such as bos_token, written as a string or as an object with its content. */
  private static Map<String, Object> specialTokens(JsonObject config) {
    Map<String, Object> tokens = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : config.entrySet()) {
      JsonElement value = entry.getValue();
      if (!entry.getKey().endsWith("_token")) {
        continue;
      }
      if (value.isJsonObject() && value.getAsJsonObject().has("content")) {
        tokens.put(entry.getKey(), value.getAsJsonObject().get("content").getAsString());
      } else if (isString(value)) {
        tokens.put(entry.getKey(), value.getAsString());
      }
    }
    return tokens;
  }

  private static JsonObject readJson(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw unreadable(file, e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CheckpointException unreadable(Path file, Exception cause) {
    return new CheckpointException(
        "%s cannot be read (%s); copy it anew from the model's repository"
            .formatted(file, cause.getMessage()),
        cause);
  }

  /**
   * The conversation up to where the assistant's turn begins.
   *
   * @param variables of the template, such as {@code enable_thinking}; {@code true} and {@code
   *     false} are booleans, all else is text
   * @throws CheckpointException if the template refuses, naming it and what it said
   */
  public String renderForCompletion(List<ChatMessage> messages, Map<String, String> variables) {
    return render(messages, variables, true);
  }

  /** The conversation alone. See {@link #renderForCompletion}. */
  public String renderTranscript(List<ChatMessage> messages, Map<String, String> variables) {
    return render(messages, variables, false);
  }

  private String render(
      List<ChatMessage> messages, Map<String, String> variables, boolean generationPrompt) {
    Map<String, Object> all = new LinkedHashMap<>(specialTokens);
    variables.forEach((name, value) -> all.put(name, typed(value)));
    all.put("messages", messages);
    all.put("add_generation_prompt", generationPrompt);
    String json = new Gson().toJson(all);
    try {
      return JinjaEngine.render(text, json);
    } catch (PolyglotException e) {
      String said = String.valueOf(e.getMessage());
      int line = JinjaEngine.faultyLine(text, json, said);
      throw new CheckpointException(
          "chat template %s%s: %s; correct the template or the messages and variables given to it"
              .formatted(origin, line == 0 ? "" : ", line " + line, plain(said)),
          e);
    }
  }

  /** The library trips over its own feet where a block is never closed. */
  private static String plain(String said) {
    return said.startsWith("TypeError: Cannot read property")
        ? "the block that begins there is not closed, or a tag is not finished"
        : said.substring(said.indexOf(": ") + 2);
  }

  private static Object typed(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> value;
    };
  }
}

package io.rephrase.model;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.rephrase.CheckpointException;
import io.rephrase.model.weights.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a checkpoint that travel with its weights: tokenizer, generation settings, licence.
 * Read when the model is opened, since its folder may be gone when it is saved.
 */
final class CompanionFiles {
  private static final List<String> NAMES =
      List.of(
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja",
          "vocab.json",
          "merges.txt",
          "tokenizer.model",
          "LICENSE");

  private final Map<String, byte[]> contents = new LinkedHashMap<>();

  CompanionFiles(Path folder) {
    for (String name : NAMES) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        try {
          contents.put(name, Files.readAllBytes(file));
        } catch (IOException e) {
          throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
        }
      }
    }
  }

  /** Writes them, and config.json with the type of the weights written beside it. */
  void write(Path folder, ConfigFile config, TensorType type) throws IOException {
    JsonObject json = config.json();
    json.addProperty(json.has("dtype") ? "dtype" : "torch_dtype", type.configName());
    write(folder, json);
  }

  /** Writes them, and config.json as it was read: beside an adapter, it is of the base. */
  void write(Path folder, ConfigFile config) throws IOException {
    write(folder, config.json());
  }

  private void write(Path folder, JsonObject json) throws IOException {
    FolderWriter.writeText(
        folder.resolve("config.json"),
        new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(json));
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      FolderWriter.writeBytes(folder.resolve(file.getKey()), file.getValue());
    }
  }
}

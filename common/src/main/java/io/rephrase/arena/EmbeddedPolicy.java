package io.rephrase.arena;

import io.rephrase.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The arena's policy as shipped: a Hugging Face folder in our own jar. How it was made stands in
 * the README.md beside it.
 */
public final class EmbeddedPolicy {

  /** The folder's files. */
  public static final List<String> FILES =
      List.of(
          "config.json",
          "generation_config.json",
          "model.safetensors",
          "tokenizer.json",
          "tokenizer_config.json");

  private EmbeddedPolicy() {}

  /**
   * Writes the checkpoint into {@code folder}, which may exist if it is empty.
   *
   * @throws ConfigurationException if it is not empty or cannot be written
   */
  public static void extractTo(Path folder) {
    try {
      Files.createDirectories(folder);
      for (String file : FILES) {
        try (InputStream in = EmbeddedPolicy.class.getResourceAsStream("policy/" + file)) {
          if (in == null) {
            throw new IllegalStateException("our own jar lacks the arena policy's " + file);
          }
          Files.copy(in, folder.resolve(file));
        }
      }
    } catch (IOException e) {
      throw new ConfigurationException(
          "the embedded policy cannot be written to %s (%s); name an empty folder that can be written"
              .formatted(folder, e),
          e);
    }
  }
}

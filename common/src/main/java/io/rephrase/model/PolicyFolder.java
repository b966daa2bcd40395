package io.rephrase.model;

import io.rephrase.CheckpointException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a policy's files are: a Hugging Face folder with weights, or one with an adapter in PEFT's
 * format and the folder with the weights that it changes.
 *
 * @param folder of the whole model or the adapter
 * @param base folder with the weights; {@code folder} itself where there is no adapter
 * @param baseName what an adapter saved from it will call its base
 */
public record PolicyFolder(Path folder, Path base, String baseName) {

  /** File name of an adapter's weights: a folder that has it is no whole model. */
  public static final String ADAPTER = AdapterConfig.WEIGHTS;

  /**
   * A folder of this machine. An adapter's base is where its adapter_config.json says, taken from
   * the adapter's folder where it is relative.
   *
   * @throws CheckpointException if it is an adapter and its base is not there
   */
  public static PolicyFolder of(Path folder) {
    if (!AdapterConfig.isIn(folder)) {
      return new PolicyFolder(folder, folder, folder.toAbsolutePath().normalize().toString());
    }
    String name = AdapterConfig.read(folder).base();
    Path base = path(folder, name);
    if (name.isBlank() || !Files.isDirectory(base)) {
      throw new CheckpointException(
          "%s: base_model_name_or_path must name a folder with the weights that the adapter changes, got \"%s\"; put the folder there, or its path into this file"
              .formatted(folder.resolve(AdapterConfig.FILE), name));
    }
    return new PolicyFolder(folder, base, name);
  }

  private static Path path(Path folder, String name) {
    try {
      return name.startsWith("file:")
          ? Path.of(URI.create(name).getPath())
          : folder.resolve(name).normalize();
    } catch (IllegalArgumentException noPath) {
      return folder.resolve("no folder has such a name");
    }
  }

  /** An adapter's folder and its base, wherever that is by now. */
  public PolicyFolder on(Path otherBase, String otherName) {
    return new PolicyFolder(folder, otherBase, otherName);
  }

  /** Where config.json and its companions are: PEFT itself leaves them with the base. */
  Path settings() {
    return Files.isRegularFile(folder.resolve("config.json")) ? folder : base;
  }

  /** Whether there is an adapter on the base. */
  public boolean adapted() {
    return !folder.equals(base);
  }
}

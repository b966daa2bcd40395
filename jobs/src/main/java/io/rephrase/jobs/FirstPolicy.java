package io.rephrase.jobs;

import io.rephrase.CheckpointException;
import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.config.PolicyConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.weights.WeightFiles;
import io.rephrase.prompt.Tokenizer;
import io.rephrase.training.CheckpointFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** The policy a run starts from, as the configuration names it. */
final class FirstPolicy {

  private final PolicyConfig policy;

  private FirstPolicy(PolicyConfig policy) {
    this.policy = policy;
  }

  /**
   * Looks whether it can be used: its configuration, the headers of its weights, its tokenizer.
   *
   * @throws CheckpointException if it cannot
   */
  static FirstPolicy checked(PolicyConfig policy) {
    FirstPolicy first = new FirstPolicy(policy);
    if (!policy.embedded()) {
      requireUsable(first.folder());
    }
    return first;
  }

  /** The row of policy 0, not yet published; the embedded policy is written out first. */
  Checkpoint of(CheckpointCatalogue checkpoints) {
    Path first = policy.embedded() ? extracted(checkpoints.folder()) : folder();
    return new Checkpoint(
        checkpoints.runId(),
        0,
        first.toString(),
        Optional.empty(),
        Optional.empty(),
        Instant.now(),
        hashes(first));
  }

  /** Its sizes, without its weights. */
  ModelConfig config() {
    return policy.embedded() ? embeddedConfig() : PolicyModels.configOf(folder());
  }

  private static ModelConfig embeddedConfig() {
    try {
      Path scratch = Files.createTempDirectory("rephrase-policy");
      try {
        EmbeddedPolicy.extractTo(scratch);
        return PolicyModels.configOf(scratch);
      } finally {
        for (String file : EmbeddedPolicy.FILES) {
          Files.deleteIfExists(scratch.resolve(file));
        }
        Files.delete(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the embedded policy's sizes", e);
    }
  }

  private Path folder() {
    return Path.of(policy.checkpoint()).toAbsolutePath();
  }

  private static void requireUsable(Path folder) {
    if (!Files.isRegularFile(folder.resolve("config.json"))) {
      throw new CheckpointException(
          "policy.checkpoint %s is no Hugging Face folder: it has no config.json; name a folder with config.json, tokenizer.json and *.safetensors"
              .formatted(folder));
    }
    WeightFiles.of(folder);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      tokenizer.checkFits(PolicyModels.configOf(folder).vocabularySize());
    }
  }

  private static Path extracted(Path parent) {
    Path target = parent.resolve("0-" + UUID.randomUUID()).resolve("policy");
    try {
      Files.createDirectories(target.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("making folder " + target.getParent(), e);
    }
    EmbeddedPolicy.extractTo(target);
    return target;
  }

  private static Map<String, String> hashes(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      Map<String, String> hashes = new TreeMap<>();
      List<Path> regular = files.filter(Files::isRegularFile).toList();
      for (Path file : regular) {
        hashes.put(file.getFileName().toString(), CheckpointFolder.sha256(file));
      }
      return hashes;
    } catch (IOException e) {
      throw new UncheckedIOException("reading checkpoint " + folder, e);
    }
  }
}

package io.rephrase.jobs;

import io.rephrase.CheckpointException;
import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.config.PolicyConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.jobs.spark.CheckpointCache;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.weights.WeightFiles;
import io.rephrase.prompt.Tokenizer;
import io.rephrase.training.CheckpointFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The policy a run starts from, as the configuration names it: a folder at any Hadoop path. */
final class FirstPolicy {

  private static final String CONFIG = "config.json";

  /** What the sizes of a checkpoint are read from. */
  private static final List<String> SETTINGS = List.of(CONFIG, "generation_config.json");

  private final PolicyConfig policy;
  private final Configuration hadoop;

  private FirstPolicy(PolicyConfig policy, Configuration hadoop) {
    this.policy = policy;
    this.hadoop = hadoop;
  }

  /**
   * Looks whether it can be used: its configuration, and on this machine the headers of its weights
   * and its tokenizer too.
   *
   * @throws CheckpointException if it cannot
   */
  static FirstPolicy checked(PolicyConfig policy, Configuration hadoop) {
    FirstPolicy first = new FirstPolicy(policy, hadoop);
    if (!policy.embedded()) {
      if (!first.holds(CONFIG)) {
        throw first.noFolder();
      }
      if (first.isLocal()) {
        requireUsable(first.localFolder());
      }
    }
    return first;
  }

  /**
   * The row of policy 0, not yet published. The embedded policy is written out first, and one that
   * lies elsewhere is downloaded and looked at.
   *
   * @throws CheckpointException if it cannot be used
   */
  Checkpoint of(RunContext run, CheckpointStore store) {
    if (policy.embedded()) {
      java.nio.file.Path target = extracted(store.savingFolder());
      Map<String, String> sha256 = hashes(new Path(target.toUri()));
      return row(run, store.keepBare(target, sha256), sha256);
    }
    Map<String, String> sha256 = hashes(folder());
    if (isLocal()) {
      return row(run, localFolder().toString(), sha256);
    }
    requireUsable(CheckpointCache.ofNode(hadoop).local(policy.checkpoint(), sha256));
    return row(run, policy.checkpoint(), sha256);
  }

  /** Its sizes, without its weights. */
  ModelConfig config() {
    if (!policy.embedded() && isLocal()) {
      return PolicyModels.configOf(localFolder());
    }
    try {
      java.nio.file.Path scratch = Files.createTempDirectory("rephrase-policy");
      try {
        writeSettings(scratch);
        return PolicyModels.configOf(scratch);
      } finally {
        FileSystem.getLocal(hadoop).delete(new Path(scratch.toUri()), true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading the sizes of " + policy.checkpoint(), e);
    }
  }

  private void writeSettings(java.nio.file.Path scratch) throws IOException {
    if (policy.embedded()) {
      EmbeddedPolicy.extractTo(scratch);
      return;
    }
    for (String name : SETTINGS) {
      if (holds(name)) {
        Path file = new Path(folder(), name);
        file.getFileSystem(hadoop).copyToLocalFile(file, new Path(scratch.toUri()));
      }
    }
  }

  private static Checkpoint row(RunContext run, String path, Map<String, String> sha256) {
    return new Checkpoint(
        run.runId(), 0, path, Optional.empty(), Optional.empty(), Instant.now(), sha256);
  }

  private boolean isLocal() {
    return CheckpointCache.isLocal(policy.checkpoint());
  }

  private Path folder() {
    return isLocal() ? new Path(localFolder().toUri()) : new Path(policy.checkpoint());
  }

  private java.nio.file.Path localFolder() {
    return CheckpointCache.localPath(policy.checkpoint()).toAbsolutePath();
  }

  private boolean holds(String name) {
    Path file = new Path(folder(), name);
    try {
      return file.getFileSystem(hadoop).exists(file);
    } catch (IOException e) {
      throw new CheckpointException(
          "policy.checkpoint %s cannot be reached: %s; check the path and its file system's settings"
              .formatted(policy.checkpoint(), e.getMessage()),
          e);
    }
  }

  private CheckpointException noFolder() {
    if (holds(PolicyFolder.ADAPTER)) {
      return new CheckpointException(
          "policy.checkpoint %1$s is a LoRA adapter and no whole checkpoint: make one with `rephrase merge --checkpoint %1$s --output FOLDER`, and name that folder"
              .formatted(policy.checkpoint()));
    }
    return new CheckpointException(
        "policy.checkpoint %s is no Hugging Face folder: it has no config.json; name a folder with config.json, tokenizer.json and *.safetensors"
            .formatted(policy.checkpoint()));
  }

  private static void requireUsable(java.nio.file.Path folder) {
    WeightFiles.of(folder);
    ModelConfig config = PolicyModels.configOf(folder);
    config.requireEnd(folder.toString());
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      tokenizer.checkFits(config.vocabularySize());
    }
  }

  private static java.nio.file.Path extracted(java.nio.file.Path parent) {
    java.nio.file.Path target = parent.resolve("0-" + UUID.randomUUID()).resolve("policy");
    try {
      Files.createDirectories(target.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("making folder " + target.getParent(), e);
    }
    EmbeddedPolicy.extractTo(target);
    return target;
  }

  private Map<String, String> hashes(Path folder) {
    Map<String, String> hashes = new TreeMap<>();
    try {
      FileSystem files = folder.getFileSystem(hadoop);
      for (FileStatus file : files.listStatus(folder)) {
        if (file.isFile()) {
          try (InputStream in = files.open(file.getPath())) {
            hashes.put(file.getPath().getName(), CheckpointFolder.sha256(in));
          }
        }
      }
      return hashes;
    } catch (FileNotFoundException missing) {
      throw noFolder();
    } catch (IOException e) {
      throw new UncheckedIOException("reading checkpoint " + folder, e);
    }
  }
}

package io.rephrase.jobs;

import io.rephrase.CheckpointException;
import io.rephrase.TableException;
import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.config.PolicyConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.training.CheckpointFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** The policy versions of a run: rows of {@code checkpoints}, by number, never "the latest". */
final class CheckpointCatalogue {

  private final RunContext run;
  private final Map<Integer, Checkpoint> byVersion = new TreeMap<>();

  CheckpointCatalogue(RunContext run) {
    this.run = run;
    run.control().checkpoints(run.runId()).forEach(c -> byVersion.put(c.policyVersion(), c));
  }

  boolean exists(int policyVersion) {
    return byVersion.containsKey(policyVersion);
  }

  /**
   * One policy version.
   *
   * @throws TableException if it does not exist
   */
  Checkpoint at(int policyVersion) {
    Checkpoint found = byVersion.get(policyVersion);
    if (found == null) {
      throw new TableException(
          "run %s has no policy version %d, only %s; run the iterations before it first"
              .formatted(run.runId(), policyVersion, byVersion.keySet()));
    }
    return found;
  }

  void publish(Checkpoint checkpoint) {
    run.control().publish(checkpoint);
    byVersion.put(checkpoint.policyVersion(), checkpoint);
  }

  /** Where this run's folders are. */
  Path folder() {
    String root = run.warehouse().root();
    Path warehouse = root.startsWith("file:") ? Path.of(URI.create(root).getPath()) : Path.of(root);
    return warehouse.toAbsolutePath().resolve("_checkpoints").resolve(run.runId());
  }

  /** Makes policy 0 exist: the checkpoint that the configuration names. */
  void publishFirst(PolicyConfig policy) {
    if (exists(0)) {
      return;
    }
    Path first = policy.embedded() ? extracted() : Path.of(policy.checkpoint()).toAbsolutePath();
    if (!Files.isRegularFile(first.resolve("config.json"))) {
      throw new CheckpointException(
          "policy.checkpoint %s is no Hugging Face folder: it has no config.json; name a folder with config.json, tokenizer.json and *.safetensors"
              .formatted(first));
    }
    publish(
        new Checkpoint(
            run.runId(),
            0,
            first.toString(),
            Optional.empty(),
            Optional.empty(),
            Instant.now(),
            hashes(first)));
  }

  private Path extracted() {
    Path target = folder().resolve("0-" + UUID.randomUUID()).resolve("policy");
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

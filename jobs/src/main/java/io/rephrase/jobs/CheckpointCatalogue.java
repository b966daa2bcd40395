package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.TableException;
import io.rephrase.data.Checkpoint;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The policy versions of a run: rows of {@code checkpoints}, by number, never "the latest". */
final class CheckpointCatalogue {

  private final RunContext run;
  private final NavigableMap<Integer, Checkpoint> byVersion = new TreeMap<>();

  CheckpointCatalogue(RunContext run) {
    this.run = run;
    run.control().checkpoints(run.runId()).forEach(c -> byVersion.put(c.policyVersion(), c));
  }

  String runId() {
    return run.runId();
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
          "run %s has no policy version %d, table checkpoints holds %s; make it with `rephrase train --iteration %d`"
              .formatted(run.runId(), policyVersion, byVersion.keySet(), policyVersion - 1));
    }
    return found;
  }

  /**
   * The highest policy version.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  Checkpoint last() {
    return at(byVersion.lastKey());
  }

  void publish(Checkpoint checkpoint) {
    run.control().publish(checkpoint);
    byVersion.put(checkpoint.policyVersion(), checkpoint);
  }

  /**
   * Where this run's folders are.
   *
   * @throws ConfigurationException if the warehouse is no folder of files
   */
  Path folder() {
    org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(run.warehouse().root());
    String scheme = root.toUri().getScheme();
    if (scheme != null && !scheme.equals("file")) {
      throw new ConfigurationException(
          "run.warehouse %s: checkpoints are written as files, and %s holds none; take a folder that every node mounts"
              .formatted(root, scheme));
    }
    return Path.of(root.toUri().getPath())
        .toAbsolutePath()
        .resolve("_checkpoints")
        .resolve(run.runId());
  }
}

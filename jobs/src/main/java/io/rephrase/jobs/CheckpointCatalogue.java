package io.rephrase.jobs;

import io.rephrase.TableException;
import io.rephrase.data.Checkpoint;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The policy versions of a run: rows of {@code checkpoints}, by number, never "the latest". */
final class CheckpointCatalogue {

  private final RunContext run;
  private final Map<Integer, Checkpoint> byVersion = new TreeMap<>();

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
}

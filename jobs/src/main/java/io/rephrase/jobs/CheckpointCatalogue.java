package io.rephrase.jobs;

import io.rephrase.TableException;
import io.rephrase.data.Checkpoint;
import io.rephrase.model.PolicyFolder;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The policy versions of a run: rows of {@code checkpoints}, by number, never "the latest". */
final class CheckpointCatalogue {

  private final RunContext run;
  private final CheckpointStore store;
  private final NavigableMap<Integer, Checkpoint> byVersion = new TreeMap<>();

  CheckpointCatalogue(RunContext run) {
    this.run = run;
    this.store = new CheckpointStore(run.warehouse(), run.runId());
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

  /** A policy's files on this machine; an adapter's base is policy 0. */
  PolicyFolder folder(Checkpoint policy) {
    return folder(policy, store.policy(policy));
  }

  /** The same, of a policy whose own folder has been fetched already. */
  PolicyFolder folder(Checkpoint policy, Path folder) {
    if (!isAdapter(policy)) {
      return new PolicyFolder(folder, folder, policy.path());
    }
    Checkpoint base = at(0);
    return new PolicyFolder(folder, store.policy(base), base.path());
  }

  /** Whether a policy is an adapter of policy 0. */
  static boolean isAdapter(Checkpoint policy) {
    return policy.sha256().containsKey(PolicyFolder.ADAPTER);
  }

  void publish(Checkpoint checkpoint) {
    run.control().publish(checkpoint);
    byVersion.put(checkpoint.policyVersion(), checkpoint);
  }

  /**
   * Deletes the optimizer states of all but the newest policies; training never reads them again.
   */
  void keepOptimizers(int newest) {
    int oldest = byVersion.lastKey() - newest + 1;
    for (Checkpoint older : byVersion.headMap(oldest, false).descendingMap().values()) {
      // Those before it went when it came.
      if (older.optimizerPath().filter(store::deleteOptimizer).isEmpty()) {
        return;
      }
    }
  }

  /** Where this run's folders are. */
  CheckpointStore store() {
    return store;
  }
}

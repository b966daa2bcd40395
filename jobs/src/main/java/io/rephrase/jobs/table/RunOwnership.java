package io.rephrase.jobs.table;

import java.time.Clock;
import java.util.Optional;

/**
 * One driver's ownership of a run: a file lock where the warehouse is on a local path, a lease in
 * the warehouse elsewhere. Closing it gives the run free.
 */
public interface RunOwnership extends CommitFence, AutoCloseable {

  /**
   * Takes the run, or refuses.
   *
   * @param takeOver whether a lease that another driver holds ends; a file lock ends with its
   *     process alone
   * @throws io.rephrase.TableException if another driver owns it, naming that driver
   */
  static RunOwnership acquire(Warehouse warehouse, String runId, TakeOver takeOver) {
    if (RunLock.guards(warehouse.root())) {
      return RunLock.acquire(warehouse.root(), runId);
    }
    RunLease lease =
        RunLease.acquire(
            warehouse.controlTables(),
            runId,
            takeOver,
            new RunLease.Terms(RunLock.owner(), Clock.systemUTC(), RunLease.DURATION));
    lease.keepRenewing();
    return lease;
  }

  /**
   * Refuses as {@link #acquire} does, and takes nothing and writes nothing: for a command that only
   * says what it would do. No commit may be made with it.
   *
   * @throws io.rephrase.TableException if a driver owns the run, naming it
   */
  static RunOwnership supposed(Warehouse warehouse, String runId) {
    if (RunLock.guards(warehouse.root())) {
      RunLock.requireFree(warehouse.root(), runId);
    } else {
      RunLease.requireFree(warehouse.controlTables(), runId, Clock.systemUTC());
    }
    return new SupposedOwnership(runId);
  }

  /** The driver whose ownership was ended by order, if that was so. */
  Optional<String> takenFrom();

  @Override
  void close();
}

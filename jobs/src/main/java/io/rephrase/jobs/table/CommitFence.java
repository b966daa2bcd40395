package io.rephrase.jobs.table;

/** Asked just before every commit whether it may be made. Thread-safe. */
@FunctionalInterface
public interface CommitFence {

  /** Of a writer that belongs to no run. */
  CommitFence NONE = () -> {};

  /**
   * Returns while the run is this driver's.
   *
   * @throws io.rephrase.TableException once another driver owns the run, naming it
   */
  void requireOwned();
}

package io.rephrase.jobs.table;

import io.rephrase.TableException;
import io.rephrase.data.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ownership of a run by rows of {@code leases}, for warehouses that no file lock can guard. Of two
 * drivers that write the same sequence one succeeds, because it is the transaction's id. What
 * fences is the epoch alone: clocks only tell a person whether the owner seems to live, and a lease
 * that ran out is never taken without an order. Thread-safe.
 */
final class RunLease implements RunOwnership {

  /** How long an owner that does not renew is taken for alive. */
  static final Duration DURATION = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(RunLease.class);

  /**
   * On what terms a lease is held.
   *
   * @param owner this driver, for people
   * @param clock of this driver
   * @param duration that a renewal is good for
   */
  record Terms(String owner, Clock clock, Duration duration) {}

  private final ControlTables tables;
  private final Terms terms;
  private final Optional<String> takenFrom;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(RunLease::daemon);
  private final Runnable release = this::giveFree;
  private Lease mine;

  private RunLease(ControlTables tables, Terms terms, Lease mine, Optional<String> takenFrom) {
    this.tables = tables;
    this.terms = terms;
    this.mine = mine;
    this.takenFrom = takenFrom;
  }

  /** Takes the run as {@link RunOwnership#acquire} says; renews nothing by itself. */
  static RunLease acquire(ControlTables tables, String runId, TakeOver takeOver, Terms terms) {
    Optional<Lease> last = tables.lease(runId);
    Optional<Lease> other = last.filter(lease -> !lease.released());
    if (other.isPresent() && takeOver == TakeOver.NEVER) {
      throw refusal(other.get(), tables.root(), terms.clock().instant());
    }
    Instant now = terms.clock().instant().truncatedTo(ChronoUnit.MICROS);
    Lease mine =
        new Lease(
            runId,
            last.map(lease -> lease.sequence() + 1).orElse(0L),
            last.map(lease -> lease.epoch() + 1).orElse(0L),
            terms.owner(),
            false,
            now,
            now.plus(terms.duration()));
    if (!write(tables, mine)) {
      throw new TableException(
          "another driver took run %s in %s at this very moment; run this command again to see which"
              .formatted(runId, tables.root()));
    }
    return new RunLease(tables, terms, mine, other.map(Lease::owner));
  }

  /** Refuses where {@link #acquire} would without an order, and writes nothing. */
  static void requireFree(ControlTables tables, String runId, Clock clock) {
    Optional<Lease> held = tables.lease(runId).filter(lease -> !lease.released());
    if (held.isPresent()) {
      throw refusal(held.get(), tables.root(), clock.instant());
    }
  }

  private static TableException refusal(Lease other, String root, Instant now) {
    if (now.isBefore(other.expiresAt())) {
      return new TableException(
          "run %s in %s belongs to another driver (%s), whose lease holds until %s; wait for it or end that process, and if it was killed run this command with --take-over"
              .formatted(other.runId(), root, other.owner(), other.expiresAt()));
    }
    return new TableException(
        "run %s in %s was never given free by its driver (%s), whose lease ran out at %s: it was killed, or it is paused; make sure that it is gone, then run this command with --take-over"
            .formatted(other.runId(), root, other.owner(), other.expiresAt()));
  }

  private static boolean write(ControlTables tables, Lease lease) {
    return tables.append(
        Tables.LEASES, List.of(lease), lease.runId() + "/lease/" + lease.sequence());
  }

  /**
   * Renews the lease from now on, three times within its duration, until it is closed or this
   * process is told to stop: after Ctrl-C the same command goes on without an order.
   */
  void keepRenewing() {
    long millis = terms.duration().toMillis() / 3;
    ScheduledFuture<?> unused =
        heart.scheduleAtFixedRate(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    // Before Hadoop closes the file system that the lease is on.
    ShutdownHookManager.get().addShutdownHook(release, FileSystem.SHUTDOWN_HOOK_PRIORITY + 100);
  }

  private void beat() {
    try {
      renew();
    } catch (RuntimeException e) {
      // What it means is said by the next commit, which asks again.
      log.warn("run={} lease_renewed=false", mine.runId(), e);
    }
  }

  /**
   * Makes the lease last another duration from now.
   *
   * @throws TableException if another driver has taken the run
   */
  synchronized void renew() {
    requireNewest();
    if (mine.released()) {
      throw new IllegalStateException("lease " + mine + " was given free");
    }
    Instant now = terms.clock().instant().truncatedTo(ChronoUnit.MICROS);
    writeNext(next(false, now, now.plus(terms.duration())));
  }

  @Override
  public synchronized void requireOwned() {
    requireNewest();
    if (!terms.clock().instant().isBefore(mine.expiresAt())) {
      renew();
    }
  }

  private void requireNewest() {
    Lease newest = tables.lease(mine.runId()).orElse(mine);
    if (newest.epoch() != mine.epoch()) {
      throw new TableException(
          "run %s in %s was taken over by another driver (%s) at %s: this one commits nothing more; what it had committed stays"
              .formatted(mine.runId(), tables.root(), newest.owner(), newest.at()));
    }
    // A renewal may have reached the log though its call failed: the next is numbered after it.
    mine = newest;
  }

  private Lease next(boolean released, Instant at, Instant expiresAt) {
    return new Lease(
        mine.runId(), mine.sequence() + 1, mine.epoch(), mine.owner(), released, at, expiresAt);
  }

  private void writeNext(Lease next) {
    if (!write(tables, next)) {
      requireNewest();
      return;
    }
    mine = next;
  }

  @Override
  public Optional<String> takenFrom() {
    return takenFrom;
  }

  /** Gives the run free, unless another driver has taken it. */
  @Override
  public void close() {
    ShutdownHookManager hooks = ShutdownHookManager.get();
    if (!hooks.isShutdownInProgress()) {
      hooks.removeShutdownHook(release);
    }
    giveFree();
  }

  private synchronized void giveFree() {
    heart.shutdownNow();
    Lease newest = tables.lease(mine.runId()).orElse(mine);
    if (newest.epoch() == mine.epoch() && !newest.released()) {
      mine = newest;
      Instant now = terms.clock().instant().truncatedTo(ChronoUnit.MICROS);
      write(tables, next(true, now, now));
    }
  }

  private static Thread daemon(Runnable beat) {
    Thread thread = new Thread(beat, "run-lease");
    thread.setDaemon(true);
    return thread;
  }
}

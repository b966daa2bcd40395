package io.rephrase.jobs.spark;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one engine of this JVM. A task holds a lease on it while it generates; the next task waits.
 * Another policy is taken up when no task holds a lease: the old one is closed first, so that two
 * never have to fit. Closed by {@link EnginePlugin} when the executor ends. Thread-safe.
 */
public final class ExecutorEngines {

  private static final Logger log = LoggerFactory.getLogger(ExecutorEngines.class);
  private static final ReentrantLock LEASE = new ReentrantLock(true);

  private static Optional<Loaded> current = Optional.empty();
  private static long loads;

  private record Loaded(EngineSpec spec, LoadedPolicy policy) {}

  private ExecutorEngines() {}

  /** The right to use this JVM's engine; closing it lets the next task have it. */
  public static final class Lease implements AutoCloseable {

    private final LoadedPolicy policy;

    private Lease(LoadedPolicy policy) {
      this.policy = policy;
    }

    LoadedPolicy policy() {
      return policy;
    }

    @Override
    public void close() {
      LEASE.unlock();
    }
  }

  /**
   * Waits for the engine and gives it the policy of {@code spec}, loading it if need be.
   *
   * @throws IllegalStateException if the task is cancelled while it waits
   */
  static Lease acquire(EngineSpec spec, PolicyLoader loader) {
    lock(spec);
    try {
      if (current.isEmpty() || !current.get().spec().equals(spec)) {
        closeCurrent();
        long started = System.nanoTime();
        current = Optional.of(new Loaded(spec, loader.load(spec)));
        loads++;
        log.info(
            "run={} policy_version={} loaded_ms={} loads_in_this_jvm={}",
            spec.runId(),
            spec.policyVersion(),
            (System.nanoTime() - started) / 1_000_000,
            loads);
      }
      return new Lease(current.get().policy());
    } catch (RuntimeException | Error e) {
      LEASE.unlock();
      throw e;
    }
  }

  /** Closes the engine, if no task uses it; for local mode, before the trainer needs the memory. */
  public static void release() {
    LEASE.lock();
    try {
      closeCurrent();
    } finally {
      LEASE.unlock();
    }
  }

  /** How often this JVM has loaded a policy. */
  public static long loads() {
    LEASE.lock();
    try {
      return loads;
    } finally {
      LEASE.unlock();
    }
  }

  private static void closeCurrent() {
    Optional<Loaded> old = current;
    current = Optional.empty();
    old.ifPresent(loaded -> loaded.policy().close());
  }

  private static void lock(EngineSpec spec) {
    try {
      while (!LEASE.tryLock(1, TimeUnit.SECONDS)) {
        if (interrupted()) {
          throw new IllegalStateException(
              "task was cancelled while it waited for the engine of policy "
                  + spec.policyVersion());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the engine", e);
    }
  }

  /** Whether the running task was cancelled; native code would go on otherwise. */
  static boolean interrupted() {
    TaskContext task = TaskContext.get();
    return Thread.currentThread().isInterrupted() || (task != null && task.isInterrupted());
  }
}

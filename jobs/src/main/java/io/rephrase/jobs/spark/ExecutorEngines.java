package io.rephrase.jobs.spark;

import io.rephrase.ConfigurationException;
import io.rephrase.model.TorchPolicyModel;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one engine of this JVM. A task holds a lease on it while it generates; the next task waits.
 * Another policy is taken up when no task holds a lease: in place where only the weights differ,
 * else the old engine is closed first. Two policies never have to fit. Closed by {@link
 * EnginePlugin} when the executor ends. Thread-safe.
 */
public final class ExecutorEngines {

  private static final Logger log = LoggerFactory.getLogger(ExecutorEngines.class);
  private static final long CLOSING_SECONDS = 30;
  private static final EngineLock LOCK = new EngineLock();

  private static Optional<Loaded> current = Optional.empty();
  private static Counts counts = new Counts(0, 0, 0, 0);

  /** The engine there is, what was asked for, and the device it is on. */
  private record Loaded(EngineSpec spec, String device, LoadedPolicy policy) {}

  /**
   * What this JVM has done so far.
   *
   * @param loads engines opened
   * @param takeUps policies taken up in place
   * @param handOvers of them from the trainer's memory
   * @param leases given to tasks
   */
  public record Counts(long loads, long takeUps, long handOvers, long leases) {

    private Counts loaded() {
      return new Counts(loads + 1, takeUps, handOvers, leases);
    }

    private Counts tookUp() {
      return new Counts(loads, takeUps + 1, handOvers, leases);
    }

    private Counts handedOver() {
      return new Counts(loads, takeUps + 1, handOvers + 1, leases);
    }

    private Counts leased() {
      return new Counts(loads, takeUps, handOvers, leases + 1);
    }
  }

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
      LOCK.unlock();
    }
  }

  /**
   * Waits for the engine, see {@link EngineLock#lock}, and gives it the policy of {@code spec}.
   *
   * @throws ConfigurationException if Spark gives this executor one GPU and then another
   */
  static Lease acquire(EngineSpec spec, PolicyLoader loader) {
    LOCK.lock(spec.stallSeconds());
    try {
      String device = GpuResources.device(spec.device());
      loader.prepareThread(spec);
      if (current.isEmpty() || !current.get().spec().equals(spec)) {
        renew(spec, device, loader);
      }
      Loaded engine = current.orElseThrow();
      checkDevice(engine, device);
      counts = counts.leased();
      logLease(engine);
      return new Lease(engine.policy());
    } catch (RuntimeException | Error e) {
      LOCK.unlock();
      throw e;
    }
  }

  /** Whatever fails on the way, no engine is left that is neither the one nor the other. */
  private static void renew(EngineSpec spec, String device, PolicyLoader loader) {
    long started = System.nanoTime();
    Optional<Loaded> old = current;
    current = Optional.empty();
    Optional<LoadedPolicy> takenUp =
        closingOnFailure(
            old,
            () ->
                old.filter(loaded -> loaded.spec().differsInWeightsOnly(spec))
                    .flatMap(loaded -> loader.takeUp(loaded.policy(), spec)));
    if (takenUp.isEmpty()) {
      old.ifPresent(loaded -> loaded.policy().close());
    }
    LoadedPolicy policy = takenUp.orElseGet(() -> loader.load(spec));
    current = Optional.of(new Loaded(spec, device, policy));
    counts = takenUp.isPresent() ? counts.tookUp() : counts.loaded();
    log.info(
        "run={} policy_version={} device={} taken_up={} ms={}",
        spec.runId(),
        spec.policyVersion(),
        device,
        takenUp.isPresent(),
        (System.nanoTime() - started) / 1_000_000);
  }

  /**
   * Gives this JVM's engine the weights of a model in it, to the bit, so that no file is read: for
   * local mode, after training. Does nothing where there is no engine, or one that differs in more.
   *
   * @param spec of the policy that {@code trained} has become
   * @return whether the engine has it now
   */
  public static boolean takeUp(EngineSpec spec, TorchPolicyModel trained) {
    LOCK.lock(spec.stallSeconds());
    try {
      Optional<Loaded> old = current.filter(loaded -> loaded.spec().differsInWeightsOnly(spec));
      boolean taken =
          closingOnFailure(
              old, () -> old.isPresent() && old.get().policy().engine().takeUp(trained));
      if (taken) {
        Loaded loaded = old.orElseThrow();
        current = Optional.of(new Loaded(spec, loaded.device(), loaded.policy()));
        counts = counts.handedOver();
      }
      return taken;
    } finally {
      LOCK.unlock();
    }
  }

  /** Frees caches and copies of weights, but not the engine; before training in the same JVM. */
  public static void releaseCache() {
    if (LOCK.tryLock(CLOSING_SECONDS)) {
      try {
        current.ifPresent(loaded -> loaded.policy().engine().releaseCache());
      } finally {
        LOCK.unlock();
      }
    }
  }

  /** Closes the engine. One that is still in use after 30 s is left to the end of the process. */
  public static void release() {
    if (!LOCK.tryLock(CLOSING_SECONDS)) {
      log.warn("the engine is still in use after {} s: not closed", CLOSING_SECONDS);
      return;
    }
    try {
      Optional<Loaded> old = current;
      current = Optional.empty();
      old.ifPresent(loaded -> loaded.policy().close());
    } finally {
      LOCK.unlock();
    }
  }

  /** What this JVM has done so far; waits for a task that generates. */
  public static Counts counts() {
    LOCK.lock(Integer.MAX_VALUE);
    try {
      return counts;
    } finally {
      LOCK.unlock();
    }
  }

  /** The engine is at work; whether it should stop, as its task was cancelled. */
  static boolean cancelled() {
    LOCK.sign();
    return EngineLock.taskCancelled();
  }

  private static <T> T closingOnFailure(Optional<Loaded> engine, Supplier<T> change) {
    try {
      return change.get();
    } catch (RuntimeException | Error e) {
      current = Optional.empty();
      engine.ifPresent(loaded -> loaded.policy().close());
      throw e;
    }
  }

  private static void checkDevice(Loaded engine, String device) {
    if (!engine.device().equals(device)) {
      throw new ConfigurationException(
          "this executor's engine is on %s, and Spark gave its next task %s; one engine computes on one GPU: set spark.executor.resource.gpu.amount=1 and start more executors"
              .formatted(engine.device(), device));
    }
  }

  private static void logLease(Loaded engine) {
    TaskContext task = TaskContext.get();
    if (task == null) {
      return;
    }
    log.info(
        "lease run={} policy_version={} stage_id={} partition={} executor={} gpu_address={}"
            + " device={} loads={} take_ups={} leases={}",
        engine.spec().runId(),
        engine.spec().policyVersion(),
        task.stageId(),
        task.partitionId(),
        SparkEnv.get().executorId(),
        GpuResources.address().orElse("none"),
        engine.device(),
        counts.loads(),
        counts.takeUps(),
        counts.leases());
  }
}

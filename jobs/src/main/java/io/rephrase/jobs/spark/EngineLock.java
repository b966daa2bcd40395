package io.rephrase.jobs.spark;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * Who may use this JVM's engine, one task at a time, first come first served. The holder gives
 * signs of life; whoever waits without seeing one for too long gives up, and the executor with it:
 * native code that hangs cannot be stopped otherwise. Thread-safe.
 */
final class EngineLock {

  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile long lastSignNanos = System.nanoTime();

  /**
   * Waits for the engine.
   *
   * @param stallSeconds without a sign of life after which it is given up
   * @throws IllegalStateException if the task is cancelled meanwhile, or in local mode if the
   *     engine hangs
   * @throws InternalError on a cluster if the engine hangs: Spark ends an executor by it
   */
  void lock(int stallSeconds) {
    try {
      while (!lock.tryLock(1, TimeUnit.SECONDS)) {
        if (taskCancelled()) {
          throw new IllegalStateException("task was cancelled while it waited for the engine");
        }
        long silentSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastSignNanos);
        if (silentSeconds >= stallSeconds) {
          throw hanging(silentSeconds, stallSeconds);
        }
      }
      sign();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the engine", e);
    }
  }

  /** Waits at most so long, whatever the holder does; whether the engine may be used now. */
  boolean tryLock(long seconds) {
    try {
      return lock.tryLock(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void unlock() {
    lock.unlock();
  }

  /** The holder is at work. */
  void sign() {
    lastSignNanos = System.nanoTime();
  }

  /** Whether the running task was cancelled; native code would go on otherwise. */
  static boolean taskCancelled() {
    TaskContext task = TaskContext.get();
    return Thread.currentThread().isInterrupted() || (task != null && task.isInterrupted());
  }

  private static RuntimeException hanging(long silentSeconds, int stallSeconds) {
    String what =
        "the engine of this process has made no step for %d s while another task waited for it, and engine.stallSeconds is %d: it hangs, or one pass takes longer; look at the machine, or raise the setting"
            .formatted(silentSeconds, stallSeconds);
    if (onExecutor()) {
      throw new InternalError("this executor ends itself: " + what);
    }
    return new IllegalStateException(what);
  }

  /**
   * Whether a task is running in a process of its own; in local mode its process is the driver's.
   */
  static boolean onExecutor() {
    SparkEnv spark = SparkEnv.get();
    return TaskContext.get() != null && spark != null && !spark.executorId().equals("driver");
  }
}

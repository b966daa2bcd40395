package io.rephrase.generation;

import java.lang.management.ManagementFactory;

/** Adds up stretches of work. Not thread-safe. */
public final class Stopwatch {
  private static final double NANOS = 1e9;

  private long tokens;
  private long wallNanos;
  private long cpuNanos;

  /** The beginning of a stretch. */
  public record Start(long wallNanos, long cpuNanos) {

    public static Start now() {
      return new Start(System.nanoTime(), processCpuNanos());
    }
  }

  /** Ends a stretch in which so many tokens were computed. */
  public void add(Start start, long computedTokens) {
    tokens += computedTokens;
    wallNanos += System.nanoTime() - start.wallNanos();
    cpuNanos += processCpuNanos() - start.cpuNanos();
  }

  /** All stretches so far. */
  public Throughput total() {
    return new Throughput(tokens, wallNanos / NANOS, cpuNanos / NANOS);
  }

  private static long processCpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? Math.max(0, system.getProcessCpuTime())
        : 0;
  }
}

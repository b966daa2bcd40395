package io.rephrase.generation;

/**
 * Tokens and what they took.
 *
 * @param seconds of wall time
 * @param cpuSeconds of all threads of this process together
 */
public record Throughput(long tokens, double seconds, double cpuSeconds) {

  /** 0 where nothing was measured. */
  public double tokensPerSecond() {
    return seconds > 0 ? tokens / seconds : 0;
  }

  /** 0 where nothing was measured, or the platform does not tell the CPU time. */
  public double tokensPerCpuSecond() {
    return cpuSeconds > 0 ? tokens / cpuSeconds : 0;
  }

  /** What came on top of an earlier reading of the same counter. */
  public Throughput since(Throughput earlier) {
    return new Throughput(
        tokens - earlier.tokens, seconds - earlier.seconds, cpuSeconds - earlier.cpuSeconds);
  }
}

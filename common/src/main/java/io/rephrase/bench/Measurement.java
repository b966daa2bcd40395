package io.rephrase.bench;

import io.rephrase.generation.Throughput;
import java.util.Locale;

/**
 * One figure: how many tokens a stretch of work took what time for, and what it could have taken.
 *
 * @param name such as {@code decode rows=16}
 * @param rate as measured
 * @param limitSeconds wall time of the same work at the machine's own rates
 */
public record Measurement(String name, Throughput rate, double limitSeconds) {

  /** Of the machine's rate that was reached; 1 is all of it. */
  public double share() {
    return limitSeconds / rate.seconds();
  }

  /** One line of words and numbers. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%s tokens=%d seconds=%.2f cpu_seconds=%.2f tokens_per_second=%.1f tokens_per_cpu_second=%.1f"
            + " limit_tokens_per_second=%.0f share=%.2f",
        name,
        rate.tokens(),
        rate.seconds(),
        rate.cpuSeconds(),
        rate.tokensPerSecond(),
        rate.tokensPerCpuSecond(),
        rate.tokens() / limitSeconds,
        share());
  }
}

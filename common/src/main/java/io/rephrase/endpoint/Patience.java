package io.rephrase.endpoint;

import java.io.Serializable;
import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param timeout of one attempt, to the last byte of its answer
 * @param deadline of a request with all its attempts and the pauses between them
 * @param retries after the first attempt
 * @param firstPause before the first retry; each further one is twice as long, up to a minute, and
 *     shortened by up to half at random
 */
public record Patience(Duration timeout, Duration deadline, int retries, Duration firstPause)
    implements Serializable {

  private static final long LONGEST_PAUSE_MS = 60_000;

  public Patience {
    positive("timeout", timeout);
    positive("deadline", deadline);
    positive("firstPause", firstPause);
    if (retries < 0) {
      throw new IllegalArgumentException("retries must be at least 0, got " + retries);
    }
  }

  /** The usual first pause, half a second. */
  public static Patience of(int timeoutSeconds, int deadlineSeconds, int retries) {
    return new Patience(
        Duration.ofSeconds(timeoutSeconds),
        Duration.ofSeconds(deadlineSeconds),
        retries,
        Duration.ofMillis(500));
  }

  private static void positive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, got " + duration);
    }
  }

  /**
   * Milliseconds before a retry.
   *
   * @param retry from 0
   * @param uniform in [0, 1): how much of the half it is shortened by
   */
  long pauseMs(int retry, double uniform) {
    long doubled =
        retry < 20 ? Math.min(LONGEST_PAUSE_MS, firstPause.toMillis() << retry) : LONGEST_PAUSE_MS;
    return Math.max(1, Math.round(doubled * (1 - uniform / 2)));
  }
}

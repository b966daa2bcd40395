package io.rephrase.endpoint;

import java.util.concurrent.atomic.AtomicLong;

/** When a server last answered anybody: what tells one that is gone from one bad request. */
public final class SignsOfLife {

  private final AtomicLong lastNanos = new AtomicLong(Long.MIN_VALUE);

  /** It answered, be it with a refusal. */
  public void note() {
    lastNanos.accumulateAndGet(System.nanoTime(), Math::max);
  }

  /** Whether it answered since, in {@link System#nanoTime}. */
  public boolean since(long nanos) {
    return lastNanos.get() >= nanos;
  }
}

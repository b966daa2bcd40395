package io.rephrase.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ModelClockTest {

  private static final long PAUSE_NANOS = 20_000_000;

  @Test
  void onlyTheStepsOfAnIteratorCount() {
    double before = ModelClock.total().seconds();
    Iterator<Integer> results =
        ModelClock.timed(List.of(1, 2).stream().peek(result -> pause()).iterator());

    pause();
    assertThat(results.next()).isEqualTo(1);
    pause();
    assertThat(results.next()).isEqualTo(2);

    // Two steps of 20 ms; the two pauses between them belong to the caller.
    double steps = ModelClock.total().seconds() - before;
    assertThat(steps).isGreaterThanOrEqualTo(2 * PAUSE_NANOS / 1e9);
    assertThat(ModelClock.timed(() -> 7)).isEqualTo(7);
  }

  @Test
  void anotherThreadsComputationIsNotOurs() throws InterruptedException {
    double before = ModelClock.total().seconds();
    Thread other =
        new Thread(
            () ->
                ModelClock.timed(
                    () -> {
                      pause();
                      return 0;
                    }));
    other.start();
    other.join();

    assertThat(ModelClock.total().seconds()).isEqualTo(before);
  }

  private static void pause() {
    long until = System.nanoTime() + PAUSE_NANOS;
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }
}

package io.rephrase.jobs.spark;

import io.rephrase.generation.Stopwatch;
import io.rephrase.generation.Throughput;
import java.util.Iterator;
import java.util.function.Supplier;

/** Adds up, for each thread, the time in which it let the model compute. */
public final class ModelClock {

  private static final ThreadLocal<Stopwatch> OF_THREAD = ThreadLocal.withInitial(Stopwatch::new);

  private ModelClock() {}

  /** Times {@code computation}. */
  public static <T> T timed(Supplier<T> computation) {
    Stopwatch.Start start = Stopwatch.Start.now();
    try {
      return computation.get();
    } finally {
      OF_THREAD.get().add(start, 0);
    }
  }

  /** Times the steps of {@code results}, each of which lets the model compute. */
  static <T> Iterator<T> timed(Iterator<T> results) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return timed(results::hasNext);
      }

      @Override
      public T next() {
        return timed(results::next);
      }
    };
  }

  /** What this thread has added up so far; its tokens are not counted. */
  public static Throughput total() {
    return OF_THREAD.get().total();
  }
}

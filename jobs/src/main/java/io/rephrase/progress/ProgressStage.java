package io.rephrase.progress;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A stage of work under way. Thread-safe; whoever began it closes it. */
public final class ProgressStage implements AutoCloseable {

  private final Progress progress;
  private final String name;
  private final long total;
  private final String unit;
  private final long startedNanos = System.nanoTime();
  private final AtomicLong done = new AtomicLong();
  private final ScheduledExecutorService ticker;
  private final ScheduledFuture<?> ticks;
  private volatile String note = "";

  ProgressStage(Progress progress, String name, long total, String unit) {
    this.progress = progress;
    this.name = name;
    this.total = total;
    this.unit = unit;
    this.ticker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    long refreshMillis = progress.refresh().toMillis();
    this.ticks =
        ticker.scheduleAtFixedRate(
            () -> progress.bar(bar()), refreshMillis, refreshMillis, TimeUnit.MILLISECONDS);
  }

  /** More units are done. */
  public void advance(long units) {
    done.addAndGet(units);
  }

  /** Words beside the numbers, such as {@code mean_reward=0.31}; they stay with the last line. */
  public void note(String words) {
    note = words;
  }

  @Override
  public void close() {
    ticks.cancel(false);
    ticker.shutdown();
    progress.say(bar().asEnd());
  }

  private ProgressBar bar() {
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    return new ProgressBar(name, done.get(), total, unit, seconds, note);
  }
}

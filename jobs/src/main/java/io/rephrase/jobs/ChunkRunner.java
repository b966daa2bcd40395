package io.rephrase.jobs;

import io.rephrase.RephraseException;
import io.rephrase.jobs.table.ChunkId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes the missing chunks of a stage, a few in flight. A failing chunk stops the stage once those
 * in flight have ended; what was committed stays.
 */
final class ChunkRunner {

  private final int chunksInFlight;

  ChunkRunner(int chunksInFlight) {
    if (chunksInFlight < 1) {
      throw new IllegalArgumentException(
          "chunksInFlight must be at least 1, got " + chunksInFlight);
    }
    this.chunksInFlight = chunksInFlight;
  }

  /** Calls {@code make} for each chunk; returns when all have ended. */
  void run(List<ChunkId> chunks, Consumer<ChunkId> make) {
    if (chunksInFlight == 1 || chunks.size() < 2) {
      chunks.forEach(make);
      return;
    }
    ExecutorService workers = Executors.newFixedThreadPool(chunksInFlight);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (ChunkId chunk : chunks) {
        running.add(workers.submit(() -> make.accept(chunk)));
      }
      for (int i = 0; i < running.size(); i++) {
        await(running.get(i), chunks.get(i));
      }
    } catch (RuntimeException e) {
      workers.shutdownNow();
      throw e;
    } finally {
      workers.shutdown();
      awaitAll(workers);
    }
  }

  /** Chunks in flight still commit: the run is not given free before they have ended. */
  private static void awaitAll(ExecutorService workers) {
    try {
      while (!workers.awaitTermination(1, TimeUnit.SECONDS)) {
        Thread.onSpinWait();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static void await(Future<?> running, ChunkId chunk) {
    try {
      running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while chunk " + chunk + " was made", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RephraseException mistake) {
        throw mistake;
      }
      throw new IllegalStateException("chunk " + chunk, e.getCause());
    }
  }
}

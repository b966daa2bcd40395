package io.rephrase.generation.server;

import io.rephrase.generation.Completion;
import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.InterruptedGenerationException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Keeps as many requests under way as there are slots and hands completions back as they end. When
 * one fails for all, no further one is sent, those under way are waited for and handed back, and
 * then the failure is thrown.
 */
final class RequestsInFlight implements Iterator<Completion> {

  private static final long POLL_MS = 200;

  /** Asks for one completion, until it is there or {@code giveUp} says that it is in vain. */
  interface Asking {
    Completion complete(GenerationRequest request, BooleanSupplier giveUp)
        throws InterruptedException;
  }

  /** A completion, or why there can be none any more. */
  private record Ended(Optional<Completion> completion, Optional<Throwable> failure) {}

  private final ExecutorService workers;
  private final EngineOptions options;
  private final Iterator<GenerationRequest> requests;
  private final Asking asking;
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final List<Future<?>> started = new ArrayList<>();
  private int underWay;
  private volatile boolean stopping;
  private Optional<Throwable> failure = Optional.empty();

  RequestsInFlight(
      ExecutorService workers,
      EngineOptions options,
      Iterator<GenerationRequest> requests,
      Asking asking) {
    this.workers = workers;
    this.options = options;
    this.requests = requests;
    this.asking = asking;
  }

  @Override
  public boolean hasNext() {
    return underWay > 0 || failure.isPresent() || requests.hasNext();
  }

  @Override
  public Completion next() {
    if (!hasNext()) {
      throw new NoSuchElementException("every request has been answered");
    }
    while (true) {
      startMore();
      if (underWay == 0) {
        throw thrown(failure.orElseThrow());
      }
      Ended one = await();
      underWay--;
      if (one.completion().isPresent()) {
        return one.completion().get();
      }
      stopping = true;
      failure = failure.or(one::failure);
    }
  }

  private void startMore() {
    started.removeIf(Future::isDone);
    while (!stopping && underWay < options.slots() && requests.hasNext()) {
      GenerationRequest request = requests.next();
      started.add(workers.submit(() -> ended.add(end(request))));
      underWay++;
    }
  }

  private Ended end(GenerationRequest request) {
    try {
      return new Ended(Optional.of(asking.complete(request, () -> stopping)), Optional.empty());
    } catch (InterruptedException | RuntimeException | Error e) {
      return new Ended(Optional.empty(), Optional.of(e));
    }
  }

  private Ended await() {
    try {
      while (true) {
        if (options.cancelled().getAsBoolean()) {
          throw cancelled();
        }
        Ended one = ended.poll(POLL_MS, TimeUnit.MILLISECONDS);
        if (one != null) {
          return one;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled();
    }
  }

  private InterruptedGenerationException cancelled() {
    stopping = true;
    started.forEach(request -> request.cancel(true));
    return new InterruptedGenerationException("generation was cancelled by its task");
  }

  private static RuntimeException thrown(Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      return unchecked;
    }
    return new IllegalStateException("a request to the server ended unexpectedly", failure);
  }
}

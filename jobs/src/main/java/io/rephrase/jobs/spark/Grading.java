package io.rephrase.jobs.spark;

import io.rephrase.data.Verdict;
import io.rephrase.generation.InterruptedGenerationException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An answer whose verdict is there, or under way at a judge.
 *
 * @param text the answer
 * @param verdict on it; empty where nothing was verified, as the engine failed
 */
record Grading(String text, Optional<CompletableFuture<Verdict>> verdict) {

  private static final long POLL_MS = 200;

  /**
   * The answer with its verdict, which is waited for.
   *
   * @throws InterruptedGenerationException if the task is cancelled meanwhile
   */
  Answers.Graded graded() {
    return verdict
        .map(this::awaited)
        .map(
            is ->
                new Answers.Graded(
                    text,
                    is.reward(),
                    is.extracted(),
                    Optional.of(is.rule()),
                    Optional.of(is.status()),
                    is.judgeAnswer()))
        .orElseGet(() -> Answers.Graded.unverified(text));
  }

  private Verdict awaited(CompletableFuture<Verdict> later) {
    try {
      while (true) {
        try {
          return later.get(POLL_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
          if (ExecutorEngines.cancelled()) {
            throw cancelled(later);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled(later);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a judge must not throw", e);
    }
  }

  private static InterruptedGenerationException cancelled(CompletableFuture<Verdict> later) {
    later.cancel(true);
    return new InterruptedGenerationException("judging was cancelled by its task");
  }
}

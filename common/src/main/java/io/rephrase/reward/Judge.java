package io.rephrase.reward;

import io.rephrase.data.Verdict;
import java.util.concurrent.CompletableFuture;

/**
 * Somebody who can be asked whether an answer is right. Thread-safe; answers of many questions may
 * be under way. What goes wrong is a verdict of its own, {@link
 * io.rephrase.data.VerdictStatus#JUDGE_FAILED} without a reward, and never an exception.
 */
public interface Judge {

  /** Fails every answer: none is configured. */
  Judge NOBODY =
      (question, gold, completion) ->
          CompletableFuture.completedFuture(
              Verdict.judgeFailed("no-judge", "no judge is configured"));

  /**
   * Asks whether {@code completion} answers {@code question} as {@code gold} does.
   *
   * @return its verdict, which is there at once or later
   */
  CompletableFuture<Verdict> ask(String question, String gold, String completion);
}

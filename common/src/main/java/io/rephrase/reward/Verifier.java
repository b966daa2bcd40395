package io.rephrase.reward;

import io.rephrase.data.Verdict;
import java.util.concurrent.CompletableFuture;

/**
 * Compares a model's answer with a reference. Deterministic, stateless and thread-safe; bounded by
 * a budget of steps, never by a clock: {@code llm-judge} alone asks somebody else, and waits. Never
 * throws for what the model wrote.
 */
public interface Verifier {

  /** Name in {@code Verifiers}, tables and configuration. */
  String name();

  /** Raised whenever verdicts can change, so that stored ones can be told apart. */
  int version();

  /**
   * The verdict on {@code completion}, whose reference answer is {@code gold}. A gold answer that
   * cannot be read gives {@link io.rephrase.data.VerdictStatus#UNPARSEABLE_GOLD} and no reward.
   */
  Verdict verify(String completion, String gold);

  /**
   * As {@link #verify}; where somebody is asked, without waiting for the answer, so that many can
   * be asked side by side. Who cancels it is not asked for any more.
   */
  default CompletableFuture<Verdict> verifyAsync(String completion, String gold) {
    return CompletableFuture.completedFuture(verify(completion, gold));
  }

  /**
   * Whether two answers, as {@link #verify} extracted them, say the same; false where the budget
   * does not suffice to tell. For votes among answers that are wrong.
   */
  default boolean same(String answer, String other) {
    return answer.equals(other);
  }
}

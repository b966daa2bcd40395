package io.rephrase.guidance;

/**
 * An attempt at a rephrasing, as far as a decision needs it.
 *
 * @param attempt from 0
 * @param accepted by RephraseJob
 * @param reward of its verdict; NaN where there is none
 * @param lengthTokens of the final ids
 * @param meanLogProbUnderQ mean over its tokens, nats; NaN where it was not scored
 * @param meanLogRatio mean over its tokens of log pi(o|q) - log pi(o|P(q,k)); NaN where it was not
 *     scored
 */
public record Candidate(
    int attempt,
    boolean accepted,
    double reward,
    int lengthTokens,
    double meanLogProbUnderQ,
    double meanLogRatio) {
  public Candidate {
    if (accepted && Double.isNaN(reward)) {
      throw new IllegalArgumentException(
          "attempt " + attempt + " is accepted and has no reward: only a verified one may be used");
    }
  }
}

package io.rephrase.generation.server;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A completion as a server tells it, not yet checked.
 *
 * @param tokens ids and log-probs; empty from a server that gives text alone
 * @param text without special tokens
 * @param ending why it ended
 * @param promptTokens how many the server read
 * @param completionTokens how many it says it sampled
 */
record ServerAnswer(
    Optional<TokenList> tokens,
    String text,
    Ending ending,
    OptionalInt promptTokens,
    OptionalInt completionTokens) {

  /** Ids and the log-probability of each, nats. */
  record TokenList(int[] ids, double[] logProbs) {}

  /** Why a completion ended. */
  enum Ending {
    STOP,
    LENGTH;

    /**
     * As a server's word says.
     *
     * @param word the server's
     * @param stop its word for an end by itself
     * @param length its word for an end by the limit
     */
    static Ending of(String word, String stop, String length) throws UnusableAnswerException {
      if (word.equals(stop)) {
        return STOP;
      }
      if (word.equals(length)) {
        return LENGTH;
      }
      throw new UnusableAnswerException("the server ended it with \"%s\"".formatted(word));
    }
  }
}

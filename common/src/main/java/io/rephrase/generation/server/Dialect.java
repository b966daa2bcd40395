package io.rephrase.generation.server;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/** How one kind of server is asked, and what its answers mean. Stateless and thread-safe. */
interface Dialect {

  /** Path of the call that samples. */
  String path();

  /** The body that asks for one completion. */
  JsonObject body(Asked asked);

  /**
   * The completion in an answer, as the server tells it.
   *
   * @throws UnusableAnswerException if the answer lacks what the dialect promises
   */
  ServerAnswer read(JsonObject answer) throws UnusableAnswerException;

  /** What its answers tell of tokens. */
  Tokens tokens();

  /** The calls that make the server take up a checkpoint; empty where it has none. */
  Optional<List<Announcement>> announcements(String folder, int policyVersion);

  /** What a server tells of the tokens it sampled. */
  enum Tokens {
    /** Nothing: its answers are text. */
    NONE,
    /** Ids and log-probs of the logits, whatever the temperature. */
    UNSCALED_LOG_PROBS,
    /** Ids and log-probs of the logits divided by the temperature. */
    SCALED_LOG_PROBS
  }
}

package io.rephrase.generation.server;

import com.google.gson.JsonObject;
import java.util.List;

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

  /** Whether a request names the model. */
  default boolean namesModel() {
    return false;
  }

  /** The calls that make the server take up a checkpoint, in order; none where it cannot. */
  default List<Call> weightUpdate(String folder, int policyVersion) {
    return List.of();
  }

  /** A call that is no request for a completion. */
  record Call(String path, JsonObject body) {}

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

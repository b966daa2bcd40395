package io.rephrase.generation.server;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.rephrase.EndpointException;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.RequestFailedException;

/** Announces weights by the calls that a server's kind has for it. */
public final class CallAnnouncer implements PolicyAnnouncer {

  private final EndpointClient client;
  private final Dialect dialect;

  /**
   * @throws IllegalArgumentException if servers of this kind have no such call
   */
  public CallAnnouncer(EndpointClient client, Dialects dialect) {
    if (!dialect.takesUpWeights()) {
      throw new IllegalArgumentException(
          "a server of the kind %s has no call to take up weights".formatted(dialect.label()));
    }
    this.client = client;
    this.dialect = dialect.dialect();
  }

  @Override
  public void announce(String folder, int policyVersion) {
    for (Dialect.Call call : dialect.weightUpdate(folder, policyVersion)) {
      try {
        checkDone(folder, client.tell(call.path(), call.body()));
      } catch (RequestFailedException e) {
        throw refused(folder, e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw refused(folder, "it was interrupted", e);
      }
    }
  }

  /** SGLang may say no in an answer that is otherwise fine. */
  private void checkDone(String folder, JsonObject answer) {
    JsonElement success = answer.get("success");
    if (success != null && success.isJsonPrimitive() && !success.getAsBoolean()) {
      throw refused(folder, String.valueOf(answer.get("message")), new IllegalStateException());
    }
  }

  private EndpointException refused(String folder, String why, Exception cause) {
    return new EndpointException(
        "%s did not take up the weights in %s: %s; it must see that folder, and vLLM needs VLLM_SERVER_DEV_MODE=1; or announce them by a command"
            .formatted(client.address().url(), folder, why),
        cause);
  }
}

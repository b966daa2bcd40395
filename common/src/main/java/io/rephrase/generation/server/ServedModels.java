package io.rephrase.generation.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.rephrase.EndpointException;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.RequestFailedException;

/** What a server calls its models. */
public final class ServedModels {

  private ServedModels() {}

  /**
   * The name the server wants: the one given, else the first it lists, where it wants one at all.
   *
   * @throws EndpointException if it lists none
   */
  public static String name(EndpointClient client, Dialects dialect, String given) {
    if (!given.isEmpty() || !dialect.dialect().namesModel()) {
      return given;
    }
    try {
      JsonArray models = Fields.array(client.get("/v1/models"), "data");
      if (models.isEmpty() || !models.get(0).isJsonObject()) {
        throw new UnusableAnswerException("its list of models is empty");
      }
      JsonObject first = models.get(0).getAsJsonObject();
      return Fields.text(first, "id");
    } catch (UnusableAnswerException | RequestFailedException e) {
      throw unknown(client, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(client, "it was interrupted", e);
    }
  }

  private static EndpointException unknown(EndpointClient client, String why, Exception cause) {
    return new EndpointException(
        "%s does not say which models it has: %s; start it, or give the model's name"
            .formatted(client.address().url(), why),
        cause);
  }
}

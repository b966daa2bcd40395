package io.rephrase.generation.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;

/**
 * The {@code /completion} of llama.cpp's own server: prompts as ids, ids and log-probs of the
 * logits in the answer. Its other samplers are switched off. It cannot take up other weights.
 */
final class LlamaCppDialect implements Dialect {

  private static final String LOG_PROBS = "completion_probabilities";

  @Override
  public String path() {
    return "/completion";
  }

  @Override
  public JsonObject body(Asked asked) {
    JsonObject body = new JsonObject();
    body.add("prompt", asked.promptIds());
    body.addProperty("n_predict", asked.maxTokens());
    body.add("samplers", samplers());
    body.addProperty("temperature", asked.temperature());
    body.addProperty("top_p", asked.sampling().topP());
    body.addProperty("top_k", asked.sampling().topK());
    body.addProperty("seed", asked.seed());
    body.addProperty("n_probs", 1);
    body.addProperty("post_sampling_probs", false);
    body.addProperty("return_tokens", true);
    body.addProperty("ignore_eos", !asked.sampling().stopAtEos());
    body.addProperty("stream", false);
    return body;
  }

  /** Ours alone, in our order: by default min-p, penalties and others have a say too. */
  private static JsonArray samplers() {
    JsonArray names = new JsonArray();
    names.add("temperature");
    names.add("top_k");
    names.add("top_p");
    return names;
  }

  @Override
  public ServerAnswer read(JsonObject answer) throws UnusableAnswerException {
    JsonArray list = Fields.array(answer, LOG_PROBS);
    double[] logProbs = new double[list.size()];
    for (int i = 0; i < logProbs.length; i++) {
      JsonElement entry = list.get(i);
      if (!entry.isJsonObject()) {
        throw new UnusableAnswerException(
            "\"%s\" must hold objects, got %s".formatted(LOG_PROBS, entry));
      }
      logProbs[i] = Fields.number("logprob", entry.getAsJsonObject().get("logprob"));
    }
    return new ServerAnswer(
        Optional.of(new ServerAnswer.TokenList(Numbers.ints(answer, "tokens"), logProbs)),
        Fields.text(answer, "content"),
        ServerAnswer.Ending.of(Fields.text(answer, "stop_type"), "eos", "limit"),
        Fields.count(answer, "tokens_evaluated"),
        Fields.count(answer, "tokens_predicted"));
  }

  @Override
  public Tokens tokens() {
    return Tokens.UNSCALED_LOG_PROBS;
  }
}

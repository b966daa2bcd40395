package io.rephrase.generation.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * SGLang's {@code /generate}: prompts as ids; each sampled token as log-prob and id, after the
 * temperature and before top-k and top-p.
 */
final class SglangDialect implements Dialect {

  private static final String LOG_PROBS = "output_token_logprobs";

  @Override
  public String path() {
    return "/generate";
  }

  @Override
  public JsonObject body(Asked asked) {
    JsonObject sampling = new JsonObject();
    sampling.addProperty("max_new_tokens", asked.maxTokens());
    sampling.addProperty("temperature", asked.temperature());
    sampling.addProperty("top_p", asked.sampling().topP());
    sampling.addProperty("sampling_seed", asked.seed());
    asked.addTopKAndStops(sampling);
    JsonObject body = new JsonObject();
    body.add("input_ids", asked.promptIds());
    body.add("sampling_params", sampling);
    body.addProperty("return_logprob", true);
    body.addProperty("stream", false);
    return body;
  }

  @Override
  public ServerAnswer read(JsonObject answer) throws UnusableAnswerException {
    JsonObject meta = Fields.object(answer, "meta_info");
    return new ServerAnswer(
        Optional.of(tokens(meta)),
        Fields.text(answer, "text"),
        ServerAnswer.Ending.of(
            Fields.text(Fields.object(meta, "finish_reason"), "type"), "stop", "length"),
        Fields.count(meta, "prompt_tokens"),
        Fields.count(meta, "completion_tokens"));
  }

  /** The list of log-probs holds the ids too, the end-of-sequence id included. */
  private static ServerAnswer.TokenList tokens(JsonObject meta) throws UnusableAnswerException {
    JsonArray list = Fields.array(meta, LOG_PROBS);
    int[] ids = new int[list.size()];
    double[] logProbs = new double[list.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonElement entry = list.get(i);
      if (!entry.isJsonArray() || entry.getAsJsonArray().size() < 2) {
        throw new UnusableAnswerException(
            "\"%s\" must hold pairs of log-prob and id, got %s".formatted(LOG_PROBS, entry));
      }
      logProbs[i] = Fields.number(LOG_PROBS, entry.getAsJsonArray().get(0));
      ids[i] = Fields.whole(LOG_PROBS, entry.getAsJsonArray().get(1));
    }
    return new ServerAnswer.TokenList(ids, logProbs);
  }

  @Override
  public Tokens tokens() {
    return Tokens.SCALED_LOG_PROBS;
  }

  @Override
  public List<Call> weightUpdate(String folder, int policyVersion) {
    JsonObject update = new JsonObject();
    update.addProperty("model_path", folder);
    update.addProperty("weight_version", Integer.toString(policyVersion));
    return List.of(new Call("/update_weights_from_disk", update));
  }
}

package io.rephrase.generation.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * vLLM's {@code /v1/completions}: prompts as ids, ids and log-probs in the answer. Its log-probs
 * are those of the logits unless it was started with {@code --logprobs-mode processed_logprobs}.
 * New weights by its development calls ({@code VLLM_SERVER_DEV_MODE=1}).
 */
final class VllmDialect implements Dialect {

  @Override
  public String path() {
    return "/v1/completions";
  }

  @Override
  public JsonObject body(Asked asked) {
    JsonObject body = OpenAiDialect.completion(asked, asked.promptIds());
    body.addProperty("logprobs", 0);
    body.addProperty("return_token_ids", true);
    body.addProperty("return_tokens_as_token_ids", true);
    asked.addTopKAndStops(body);
    return body;
  }

  @Override
  public ServerAnswer read(JsonObject answer) throws UnusableAnswerException {
    JsonObject choice = Fields.only(answer, "choices");
    JsonObject logProbs = Fields.object(choice, "logprobs");
    JsonObject usage = Fields.object(answer, "usage");
    return new ServerAnswer(
        Optional.of(
            new ServerAnswer.TokenList(
                ids(choice, logProbs), Numbers.doubles(logProbs, "token_logprobs"))),
        Fields.text(choice, "text"),
        OpenAiDialect.ending(choice),
        Fields.count(usage, "prompt_tokens"),
        Fields.count(usage, "completion_tokens"));
  }

  /** Servers before 0.10.2 tell ids as the names of tokens alone. */
  private static int[] ids(JsonObject choice, JsonObject logProbs) throws UnusableAnswerException {
    return choice.has("token_ids")
        ? Numbers.ints(choice, "token_ids")
        : Numbers.namedIds(logProbs, "tokens");
  }

  @Override
  public Tokens tokens() {
    return Tokens.UNSCALED_LOG_PROBS;
  }

  @Override
  public List<Call> weightUpdate(String folder, int policyVersion) {
    JsonObject weights = new JsonObject();
    weights.addProperty("weights_path", folder);
    JsonObject reload = new JsonObject();
    reload.addProperty("method", "reload_weights");
    reload.add("args", new JsonArray());
    reload.add("kwargs", weights);
    return List.of(
        new Call("/collective_rpc", reload),
        new Call("/reset_prefix_cache?reset_running_requests=true", new JsonObject()));
  }

  @Override
  public boolean namesModel() {
    return true;
  }
}

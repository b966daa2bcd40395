package io.rephrase.generation.server;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Optional;

/**
 * The {@code /v1/completions} that all compatible servers have: text in, text out. Answers can be
 * graded; there are no ids to train on.
 */
final class OpenAiDialect implements Dialect {

  @Override
  public String path() {
    return "/v1/completions";
  }

  @Override
  public JsonObject body(Asked asked) {
    return completion(asked, new JsonPrimitive(asked.promptText()));
  }

  /** What every compatible server understands; vLLM takes the prompt as ids too. */
  static JsonObject completion(Asked asked, JsonElement prompt) {
    JsonObject body = new JsonObject();
    body.addProperty("model", asked.model());
    body.add("prompt", prompt);
    body.addProperty("max_tokens", asked.maxTokens());
    body.addProperty("temperature", asked.temperature());
    body.addProperty("top_p", asked.sampling().topP());
    body.addProperty("seed", asked.seed());
    return body;
  }

  @Override
  public ServerAnswer read(JsonObject answer) throws UnusableAnswerException {
    JsonObject choice = Fields.only(answer, "choices");
    JsonObject usage = Fields.object(answer, "usage");
    return new ServerAnswer(
        Optional.empty(),
        Fields.text(choice, "text"),
        ending(choice),
        Fields.count(usage, "prompt_tokens"),
        Fields.count(usage, "completion_tokens"));
  }

  static ServerAnswer.Ending ending(JsonObject choice) throws UnusableAnswerException {
    return ServerAnswer.Ending.of(Fields.text(choice, "finish_reason"), "stop", "length");
  }

  @Override
  public Tokens tokens() {
    return Tokens.NONE;
  }

  @Override
  public boolean namesModel() {
    return true;
  }
}

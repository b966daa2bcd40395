package io.rephrase.generation.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import java.util.List;

/**
 * A completion to be asked for.
 *
 * @param request as the caller made it
 * @param promptText the prompt's ids written out, special tokens included
 * @param maxTokens what limit and context leave
 * @param model as the server calls it
 * @param eosTokenIds any of which ends a completion
 */
record Asked(
    GenerationRequest request,
    String promptText,
    int maxTokens,
    String model,
    List<Integer> eosTokenIds) {

  SamplingParams sampling() {
    return request.sampling();
  }

  /** Servers sample greedily at temperature 0. */
  double temperature() {
    return sampling().greedy() ? 0 : sampling().temperature();
  }

  /** Of 31 bits, which every server takes. */
  int seed() {
    return (int) (request.seed() >>> 33);
  }

  JsonArray promptIds() {
    JsonArray ids = new JsonArray(request.promptIds().length);
    for (int id : request.promptIds()) {
      ids.add(id);
    }
    return ids;
  }

  /** What vLLM and SGLang, beside the standard, call alike. */
  void addTopKAndStops(JsonObject fields) {
    fields.addProperty("top_k", sampling().topK() == 0 ? -1 : sampling().topK());
    fields.addProperty("skip_special_tokens", true);
    if (!sampling().stopAtEos()) {
      fields.addProperty("ignore_eos", true);
      return;
    }
    JsonArray ids = new JsonArray();
    eosTokenIds.forEach(ids::add);
    fields.add("stop_token_ids", ids);
  }
}

package io.rephrase.generation.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** Lists of numbers in an answer. */
final class Numbers {

  private static final String NAMED_ID = "token_id:";

  private Numbers() {}

  static int[] ints(JsonObject parent, String name) throws UnusableAnswerException {
    JsonArray list = Fields.array(parent, name);
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Fields.whole(name, list.get(i));
    }
    return values;
  }

  static double[] doubles(JsonObject parent, String name) throws UnusableAnswerException {
    JsonArray list = Fields.array(parent, name);
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Fields.number(name, list.get(i));
    }
    return values;
  }

  /** Ids written {@code token_id:17}. */
  static int[] namedIds(JsonObject parent, String name) throws UnusableAnswerException {
    JsonArray list = Fields.array(parent, name);
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      JsonElement entry = list.get(i);
      if (!(entry instanceof JsonPrimitive word) || !word.getAsString().startsWith(NAMED_ID)) {
        throw new UnusableAnswerException(
            "the answer names its tokens by text, got %s, and not by id: this server gives no token ids, so nothing can be trained on; take a newer one, or dialect = openai to evaluate"
                .formatted(entry));
      }
      values[i] =
          Fields.whole(name, new JsonPrimitive(word.getAsString().substring(NAMED_ID.length())));
    }
    return values;
  }
}

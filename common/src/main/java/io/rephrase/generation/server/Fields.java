package io.rephrase.generation.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads fields of an answer, each with the type it should have. */
final class Fields {

  private Fields() {}

  static JsonObject object(JsonObject parent, String name) throws UnusableAnswerException {
    JsonElement field = parent.get(name);
    if (field == null || !field.isJsonObject()) {
      throw wrong(name, "an object", field);
    }
    return field.getAsJsonObject();
  }

  static JsonArray array(JsonObject parent, String name) throws UnusableAnswerException {
    return optionalArray(parent, name).orElseThrow(() -> wrong(name, "a list", parent.get(name)));
  }

  /** Empty where the field is absent or null. */
  static Optional<JsonArray> optionalArray(JsonObject parent, String name)
      throws UnusableAnswerException {
    JsonElement field = parent.get(name);
    if (field == null || field.isJsonNull()) {
      return Optional.empty();
    }
    if (!field.isJsonArray()) {
      throw wrong(name, "a list", field);
    }
    return Optional.of(field.getAsJsonArray());
  }

  /** The one entry of a list of objects. */
  static JsonObject only(JsonObject parent, String name) throws UnusableAnswerException {
    JsonArray entries = array(parent, name);
    if (entries.size() != 1 || !entries.get(0).isJsonObject()) {
      throw new UnusableAnswerException(
          "\"%s\" must hold one object, got %d entries".formatted(name, entries.size()));
    }
    return entries.get(0).getAsJsonObject();
  }

  static String text(JsonObject parent, String name) throws UnusableAnswerException {
    JsonElement field = parent.get(name);
    if (field instanceof JsonPrimitive primitive && primitive.isString()) {
      return primitive.getAsString();
    }
    throw wrong(name, "a text", field);
  }

  /** Empty where the field is absent or null. */
  static OptionalInt count(JsonObject parent, String name) throws UnusableAnswerException {
    JsonElement field = parent.get(name);
    return field == null || field.isJsonNull()
        ? OptionalInt.empty()
        : OptionalInt.of(whole(name, field));
  }

  static int whole(String name, @Nullable JsonElement field) throws UnusableAnswerException {
    double number = number(name, field);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw wrong(name, "a whole number", field);
    }
    return (int) number;
  }

  static double number(String name, @Nullable JsonElement field) throws UnusableAnswerException {
    if (field instanceof JsonPrimitive primitive && !primitive.isBoolean()) {
      try {
        return new BigDecimal(primitive.getAsString()).doubleValue();
      } catch (NumberFormatException notANumber) {
        throw wrong(name, "a number", field);
      }
    }
    throw wrong(name, "a number", field);
  }

  private static UnusableAnswerException wrong(
      String name, String rule, @Nullable JsonElement found) {
    String shown = String.valueOf(found);
    return new UnusableAnswerException(
        "\"%s\" of the answer must be %s, got %s"
            .formatted(name, rule, shown.length() > 80 ? shown.substring(0, 80) + "…" : shown));
  }
}

package io.rephrase.jobs.report;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.time.Instant;
import java.util.Optional;

/** Records as JSON that may stand inside an HTML script element. Stateless and thread-safe. */
final class PageJson {

  private static final Gson GSON = gson();

  private PageJson() {}

  /** {@code value} as JSON in which no character can end or open markup, or end a line. */
  static String of(Object value) {
    return escape(GSON.toJson(value));
  }

  /**
   * The same JSON value with {@code < > &} and the two line separators of Unicode written as
   * escapes. In JSON these characters stand inside strings only, so the value is unchanged; without
   * {@code <} neither {@code </script>} nor {@code <!--} can be spelled.
   */
  static String escape(String json) {
    StringBuilder escaped = new StringBuilder(json.length() + json.length() / 16);
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (mustEscape(json, i)) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static boolean mustEscape(String json, int index) {
    char c = json.charAt(index);
    return switch (c) {
      case '<', '>', '&', '\u2028', '\u2029' -> true;
      default -> Character.isSurrogate(c) && !paired(json, index);
    };
  }

  /** Half a character cannot be written as UTF-8; a cut completion may end in one. */
  private static boolean paired(String text, int index) {
    char c = text.charAt(index);
    if (Character.isHighSurrogate(c)) {
      return index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1));
    }
    return index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
  }

  private static Gson gson() {
    JsonSerializer<Optional<?>> optionals =
        (optional, type, context) ->
            optional.isPresent() ? context.serialize(optional.get()) : JsonNull.INSTANCE;
    JsonSerializer<Instant> instants =
        (instant, type, context) -> new JsonPrimitive(instant.toString());
    JsonSerializer<Double> numbers =
        (number, type, context) ->
            Double.isFinite(number) ? new JsonPrimitive(number) : JsonNull.INSTANCE;
    return new GsonBuilder()
        .disableHtmlEscaping()
        .serializeNulls()
        .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
        .registerTypeHierarchyAdapter(Optional.class, optionals)
        .registerTypeAdapter(Instant.class, instants)
        .registerTypeAdapter(Double.class, numbers)
        .registerTypeAdapter(double.class, numbers)
        .create();
  }
}

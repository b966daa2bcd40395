package io.rephrase.lines;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.rephrase.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lines of UTF-8 read one by one; a byte order mark is passed over, blank lines count but are
 * passed over too. Closes nothing. Not thread-safe.
 */
public final class JsonLines {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final int DEEPEST_NESTING = 255;
  private static final int EXCERPT_CHARACTERS = 60;

  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private long number;

  public JsonLines(InputStream in) {
    this.in = in;
  }

  /**
   * One line as it stands in the file. Immutable as long as nobody writes to its bytes.
   *
   * @param number from 1
   */
  public record Line(long number, byte[] bytes) {

    /**
     * The object it holds.
     *
     * @throws InputException if it is not one JSON object in UTF-8
     */
    public JsonObject object() {
      return JsonLines.object(text());
    }

    /**
     * Its characters, with its line break.
     *
     * @throws InputException if it is not UTF-8
     */
    public String text() {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw new InputException("the line is not UTF-8; save the file in that encoding", e);
      }
    }
  }

  /**
   * The one JSON object that a text holds.
   *
   * @throws InputException if it is anything else
   */
  public static JsonObject object(String text) {
    checkNesting(text);
    try {
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = JsonParser.parseReader(reader);
      if (!element.isJsonObject() || reader.peek() != JsonToken.END_DOCUMENT) {
        throw new InputException("a line must hold one JSON object, got " + excerpt(text));
      }
      return element.getAsJsonObject();
    } catch (IOException | JsonParseException e) {
      throw new InputException(
          "a line must hold one JSON object, got %s (%s)"
              .formatted(excerpt(text), plain(String.valueOf(e.getMessage()))),
          e);
    }
  }

  /**
   * An object or another element as a line, without its line break. Lone surrogates, which JSON can
   * name and UTF-8 cannot hold, are escaped, so that every line can be written and {@link #object}
   * reads the same.
   */
  public static String text(JsonElement element) {
    return LONE_SURROGATE
        .matcher(GSON.toJson(element))
        .replaceAll(lone -> "\\\\u%04x".formatted((int) lone.group().charAt(0)));
  }

  /** The beginning of a text that may be long, without its line break. */
  public static String excerpt(String text) {
    String line = text.strip();
    return line.length() <= EXCERPT_CHARACTERS ? line : line.substring(0, EXCERPT_CHARACTERS) + "…";
  }

  /** The parser's first line without its own class names and settings. */
  static String plain(String message) {
    return message
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^[a-zA-Z.]+Exception: ", "")
        .replace(
            "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON",
            "malformed")
        .replaceFirst(" path \\$.*", "");
  }

  /** Elements write themselves out by recursion: what nests too deeply is refused before. */
  private static void checkNesting(String text) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        quoted = c != '"';
        i += c == '\\' ? 1 : 0;
      } else if (c == '"') {
        quoted = true;
      } else if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      }
      if (depth > DEEPEST_NESTING) {
        throw new InputException(
            "a line must nest at most %d objects and arrays, got more; flatten it"
                .formatted(DEEPEST_NESTING));
      }
    }
  }

  /**
   * The next line that is not blank, or empty at the end.
   *
   * @throws InputException if the file cannot be read
   */
  public Optional<Line> next() {
    try {
      for (byte[] bytes = readLine(); bytes.length > 0; bytes = readLine()) {
        byte[] text = number == 0 ? withoutByteOrderMark(bytes) : bytes;
        number++;
        if (!new String(text, StandardCharsets.ISO_8859_1).isBlank()) {
          return Optional.of(new Line(number, text));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new InputException(
          "line %d of the input cannot be read: %s".formatted(number + 1, e.getMessage()), e);
    }
  }

  /** With its line break; empty at the end of the file. */
  private byte[] readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    while (position < limit || fill()) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      boolean ended = end < limit;
      int next = ended ? end + 1 : end;
      line.write(buffer, position, next - position);
      position = next;
      if (ended) {
        break;
      }
    }
    return line.toByteArray();
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private static byte[] withoutByteOrderMark(byte[] line) {
    boolean marked =
        line.length >= BYTE_ORDER_MARK.length
            && Arrays.equals(BYTE_ORDER_MARK, Arrays.copyOf(line, BYTE_ORDER_MARK.length));
    return marked ? Arrays.copyOfRange(line, BYTE_ORDER_MARK.length, line.length) : line;
  }
}

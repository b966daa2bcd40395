package io.rephrase.lines;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.rephrase.InputException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The elements of one JSON array in UTF-8, read one by one, so that a long file needs little
 * memory. Closes nothing. Not thread-safe.
 */
public final class JsonElements {

  private static final int LONGEST_LEAD_BYTES = 1024;

  private final JsonReader reader;
  private long number;
  private boolean ended;

  /** Of a stream that {@link #beginIn}. */
  public JsonElements(InputStream in) {
    reader = new JsonReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    reader.setStrictness(Strictness.STRICT);
  }

  /**
   * Whether the first character that is not blank is {@code [}. Leaves the stream as it was.
   *
   * @throws IOException if it cannot be read
   */
  public static boolean beginIn(BufferedInputStream in) throws IOException {
    in.mark(LONGEST_LEAD_BYTES);
    byte[] lead = in.readNBytes(LONGEST_LEAD_BYTES);
    in.reset();
    String text = new String(lead, StandardCharsets.UTF_8);
    return text.replace("\ufeff", "").stripLeading().startsWith("[");
  }

  /** The number, from 1, of the element that was read last or could not be read. */
  public long number() {
    return number;
  }

  /**
   * The next element, or empty at the end of the array.
   *
   * @throws InputException if there is no such element: nothing after it can be read
   * @throws UncheckedIOException if the stream fails: what is wrong is not in the text
   */
  public Optional<JsonElement> next() {
    if (ended) {
      return Optional.empty();
    }
    number++;
    try {
      return read();
    } catch (JsonParseException e) {
      throw broken(e.getCause() instanceof IOException cause ? cause : e);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private Optional<JsonElement> read() throws IOException {
    if (number == 1) {
      reader.beginArray();
    }
    if (reader.hasNext()) {
      return Optional.of(JsonParser.parseReader(reader));
    }
    reader.endArray();
    ended = true;
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      throw new MalformedJsonException(
          "the array is over and something follows; a file of JSON lines begins with {");
    }
    return Optional.empty();
  }

  private RuntimeException broken(Exception cause) {
    ended = true;
    if (cause instanceof IOException failed && !isAboutTheText(failed)) {
      return new UncheckedIOException(
          "element %d of the array cannot be read: %s".formatted(number, failed.getMessage()),
          failed);
    }
    return new InputException(
        "element %d of the array %s".formatted(number, problem(cause)), cause);
  }

  private static boolean isAboutTheText(IOException cause) {
    return cause instanceof CharacterCodingException
        || cause instanceof EOFException
        || cause instanceof MalformedJsonException;
  }

  private static String problem(Exception cause) {
    if (cause instanceof CharacterCodingException) {
      return "is not UTF-8; save the file in that encoding";
    }
    if (cause instanceof EOFException) {
      return "is cut off; the file is not whole";
    }
    return "is no JSON: " + JsonLines.plain(String.valueOf(cause.getMessage()));
  }
}

package io.rephrase.generation.files;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.rephrase.InputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Lines of UTF-8 read one by one; blank ones count but are passed over. Not thread-safe. */
final class JsonLines {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final BufferedInputStream in;
  private long number;

  JsonLines(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /**
   * One line as it stands in the file.
   *
   * @param number from 1
   */
  record Line(long number, byte[] bytes) {

    /**
     * @throws InputException if it is not one JSON object
     */
    JsonObject object() {
      String text = text();
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
                .formatted(excerpt(text), firstLine(e.getMessage())),
            e);
      }
    }

    private String text() {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw new InputException("the line is not UTF-8; save the file in that encoding", e);
      }
    }

    private static String excerpt(String text) {
      return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private static String firstLine(String message) {
      return message.lines().findFirst().orElse("");
    }
  }

  /** The next line that is not blank, or empty at the end. */
  Optional<Line> next() {
    try {
      for (byte[] bytes = readLine(); bytes.length > 0; bytes = readLine()) {
        number++;
        if (!new String(bytes, StandardCharsets.ISO_8859_1).isBlank()) {
          return Optional.of(new Line(number, bytes));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("while reading line " + (number + 1), e);
    }
  }

  /** With its line break; empty at the end of the file. */
  private byte[] readLine() throws IOException {
    if (number == 0) {
      passByteOrderMark();
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int one = in.read(); one >= 0; one = in.read()) {
      line.write(one);
      if (one == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }

  private void passByteOrderMark() throws IOException {
    in.mark(BYTE_ORDER_MARK.length);
    if (!Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
      in.reset();
    }
  }
}

package io.rephrase.lines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

  @Test
  void blankLinesCountAndArePassedOver() {
    assertThat(numbers("{}\n\n  \r\n{}")).containsExactly(1L, 4L);
    assertThat(numbers("")).isEmpty();
    assertThat(numbers("\n\n")).isEmpty();
  }

  @Test
  void aByteOrderMarkAndCarriageReturnsAreNoPartOfTheObject() {
    JsonLines lines = lines("\ufeff{\"a\":1}\r\n{\"a\":2}\r\n");
    assertThat(lines.next().orElseThrow().object().get("a").getAsInt()).isEqualTo(1);
    assertThat(lines.next().orElseThrow().object().get("a").getAsInt()).isEqualTo(2);
    assertThat(lines.next()).isEmpty();
    assertThat(numbers("\ufeff")).isEmpty();
  }

  @Test
  void aLineMayBeLongerThanAnyBuffer() {
    String text = "x".repeat(200_000);
    JsonLines lines = lines("{\"a\":\"" + text + "\"}\n{}");
    assertThat(lines.next().orElseThrow().object().get("a").getAsString()).isEqualTo(text);
    assertThat(lines.next().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void whatIsNoObjectIsRefusedWithItsBeginning() {
    refused("nope", "a line must hold one JSON object, got nope (malformed at line 1 column 1)");
    refused("[1]", "a line must hold one JSON object, got [1]");
    refused("{} {}", "a line must hold one JSON object, got {} {}");
    refused("{\"a\":NaN}", "got {\"a\":NaN} (");
    refused("{\"a\":\"" + "y".repeat(99), "yy…");
  }

  @Test
  void nestingWithoutEndIsRefusedAndBracketsInTextsAreNot() {
    refused("{\"a\":" + "[".repeat(100_000), "a line must nest at most 255 objects and arrays");
    String text = "[{\\\"".repeat(1000);
    assertThat(JsonLines.object("{\"a\":\"" + text + "\"}").get("a").getAsString()).hasSize(3000);
  }

  @Test
  void aLoneSurrogateIsWrittenAsItsEscapeAndAPairAsItself() {
    String line = "{\"id\":\"b\\ud800\",\"\\udfff\":\"\ud83d\ude00\",\"none\":null}";
    assertThat(JsonLines.text(JsonLines.object(line))).isEqualTo(line);
    assertThat(JsonLines.object(line).get("id").getAsString()).isEqualTo("b\ud800");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] latin = "{\"a\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    JsonLines.Line line = new JsonLines(new ByteArrayInputStream(latin)).next().orElseThrow();
    assertThatThrownBy(line::object)
        .isInstanceOf(InputException.class)
        .hasMessage("the line is not UTF-8; save the file in that encoding");
  }

  @Test
  void aFileThatCannotBeReadIsNamedByItsLine() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the cable is out");
          }
        };
    assertThatThrownBy(() -> new JsonLines(broken).next())
        .isInstanceOf(InputException.class)
        .hasMessage("line 1 of the input cannot be read: the cable is out");
  }

  private static void refused(String line, String message) {
    assertThatThrownBy(() -> JsonLines.object(line))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private static JsonLines lines(String text) {
    return new JsonLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Long> numbers(String text) {
    JsonLines lines = lines(text);
    List<Long> numbers = new ArrayList<>();
    for (Optional<JsonLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
      numbers.add(line.get().number());
    }
    return numbers;
  }
}

package io.rephrase.lines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.InputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonElementsTest {

  @Test
  void elementsComeOneByOneWithTheirNumbers() {
    JsonElements elements = of("\ufeff\n [{\"a\": 1.50}, [],\n null]\n");
    assertThat(elements.next().orElseThrow()).hasToString("{\"a\":1.50}");
    assertThat(elements.number()).isEqualTo(1);
    assertThat(elements.next().orElseThrow()).hasToString("[]");
    assertThat(elements.next().orElseThrow().isJsonNull()).isTrue();
    assertThat(elements.next()).isEmpty();
    assertThat(elements.next()).isEmpty();
  }

  @Test
  void whatIsNoElementIsSaidOnceAndNothingIsReadAfterIt() {
    JsonElements cut = of("[1, {\"a\": ");
    assertThat(cut.next()).isPresent();
    assertThatThrownBy(cut::next)
        .isInstanceOf(InputException.class)
        .hasMessage("element 2 of the array is cut off; the file is not whole");
    assertThat(cut.next()).isEmpty();

    JsonElements followed = of("[1] 2");
    assertThat(followed.next()).isPresent();
    assertThatThrownBy(followed::next)
        .hasMessageStartingWith("element 2 of the array is no JSON: malformed at line 1");
    assertThatThrownBy(() -> of("[tru]").next())
        .hasMessageStartingWith("element 1 of the array is no JSON: ");
    String deep = "[".repeat(300) + "]".repeat(300);
    assertThatThrownBy(() -> of(deep).next())
        .hasMessageStartingWith("element 1 of the array is no JSON: ");
    JsonElements latin =
        new JsonElements(
            new ByteArrayInputStream("[\"\u00e9\"]".getBytes(StandardCharsets.ISO_8859_1)));
    assertThatThrownBy(latin::next)
        .hasMessage("element 1 of the array is not UTF-8; save the file in that encoding");
  }

  @Test
  void aStreamThatFailsIsNotTakenForTextThatEndsThere() {
    InputStream failing =
        new SequenceInputStream(
            stream("[1, 2, "),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("Connection reset");
              }
            });
    JsonElements elements = new JsonElements(failing);
    assertThat(elements.next()).isPresent();
    assertThat(elements.next()).isPresent();
    assertThatThrownBy(elements::next)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("element 3 of the array cannot be read: Connection reset");
  }

  @Test
  void aStreamBeginsWithAnArrayOrStaysAsItWas() throws IOException {
    BufferedInputStream lines = stream("\n{\"a\": [1]}\n");
    assertThat(JsonElements.beginIn(lines)).isFalse();
    assertThat(new JsonLines(lines).next().orElseThrow().number()).isEqualTo(2);
    assertThat(JsonElements.beginIn(stream("\ufeff \n["))).isTrue();
    assertThat(JsonElements.beginIn(stream(""))).isFalse();
  }

  private static JsonElements of(String text) {
    return new JsonElements(stream(text));
  }

  private static BufferedInputStream stream(String text) {
    return new BufferedInputStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}

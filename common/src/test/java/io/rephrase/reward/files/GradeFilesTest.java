package io.rephrase.reward.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradeFilesTest {

  @Test
  void linesComeOutInOrderWithRewardRuleAndStatus() throws IOException {
    String graded =
        grade(
            """
            {"id":"a","gold":"\\\\frac{1}{2}","completion":"\\\\boxed{0.5}"}
            {"id":2,"gold":"B","completion":"Answer: E","verifier":"choice","options":"ABCDE"}
            {"id":"c","gold":"4","completion":"no idea"}
            {"id":"d","gold":"\\\\frac{1}{","completion":"5"}
            """);
    assertThat(graded)
        .isEqualTo(
            """
            {"id":"a","reward":1.0,"extracted":"0.5","rule":"last-box","status":"correct"}
            {"id":2,"reward":0.0,"extracted":"E","rule":"answer-line","status":"wrong"}
            {"id":"c","reward":0.0,"extracted":null,"rule":"no-answer","status":"no-answer"}
            {"id":"d","reward":null,"extracted":null,"rule":"unparseable-gold","status":"unparseable-gold"}
            """);
  }

  @Test
  void badLinesBecomeErrorsWithTheirNumber() throws IOException {
    StringWriter out = new StringWriter();
    GradeFiles.Summary summary =
        files()
            .grade(
                new StringReader(
                    "{\n\n[1]\n{\"id\":1}\n{\"id\":1,\"gold\":\"1\",\"completion\":\"1\",\"verifier\":\"maths\"}"),
                out);
    assertThat(summary).isEqualTo(new GradeFiles.Summary(4, 4));
    assertThat(summary.allFailed()).isTrue();
    String[] lines = out.toString().split("\n");
    assertThat(lines[0]).startsWith("{\"line\":1,\"error\":");
    assertThat(lines[1]).isEqualTo("{\"line\":3,\"error\":\"is no JSON object\"}");
    assertThat(lines[2]).isEqualTo("{\"line\":4,\"error\":\"field gold is missing or no text\"}");
    assertThat(lines[3]).contains("did you mean \\\"math\\\"?");
  }

  @Test
  void manyLinesKeepTheirOrder() throws IOException {
    String input =
        IntStream.range(0, 6_000)
            .mapToObj(
                i -> "{\"id\":" + i + ",\"gold\":\"" + i + "\",\"completion\":\"#### " + i + "\"}")
            .collect(Collectors.joining("\n"));
    String expected =
        IntStream.range(0, 6_000)
            .mapToObj(
                i ->
                    "{\"id\":"
                        + i
                        + ",\"reward\":1.0,\"extracted\":\""
                        + i
                        + "\",\"rule\":\"hashes\",\"status\":\"correct\"}\n")
            .collect(Collectors.joining());
    assertThat(grade(input)).isEqualTo(expected);
  }

  @Test
  void filesAreReadAndWritten(@TempDir Path folder) throws IOException {
    Path input =
        Files.writeString(
            folder.resolve("in.jsonl"),
            "{\"id\":1,\"gold\":\"1\",\"completion\":\"\\\\boxed{1}\"}\n");
    Path output = folder.resolve("out.jsonl");
    new GradeFiles(new GradeFiles.Options(input.toString(), output.toString(), "math")).run();
    assertThat(output).content().contains("\"correct\"");
  }

  @Test
  void missingInputAndUnknownVerifierAreNamed() {
    assertThatThrownBy(
            () -> new GradeFiles(new GradeFiles.Options("absent.jsonl", "out.jsonl", "math")).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("absent.jsonl");
    assertThatThrownBy(() -> new GradeFiles(new GradeFiles.Options("-", "-", "chioce")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("did you mean \"choice\"?");
  }

  private static GradeFiles files() {
    return new GradeFiles(new GradeFiles.Options("-", "-", "math"));
  }

  private static String grade(String input) throws IOException {
    StringWriter out = new StringWriter();
    files().grade(new StringReader(input), out);
    return out.toString();
  }
}

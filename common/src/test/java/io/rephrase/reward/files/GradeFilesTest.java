package io.rephrase.reward.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import io.rephrase.lines.LineCounts;
import io.rephrase.reward.Judge;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
    LineCounts counts =
        new GradeFiles("math", Judge.NOBODY)
            .grade(
                bytes(
                    """
                    {

                    [1]
                    {"id":1}
                    {"id":1,"gold":"1","completion":"1","verifier":"maths"}
                    {"id":1,"gold":["1"],"completion":"1"}
                    {"id":NaN,"gold":"1","completion":"1"}
                    {"id":1,"gold":"B","completion":"B","verifier":"choice","options":"A"}"""),
                out);
    assertThat(counts).isEqualTo(new LineCounts(7, 7));
    assertThat(counts.allFailed()).isTrue();
    String[] lines = out.toString().split("\n");
    assertThat(lines[0])
        .startsWith("{\"line\":1,\"error\":\"a line must hold one JSON object, got {");
    assertThat(lines[1])
        .isEqualTo("{\"line\":3,\"error\":\"a line must hold one JSON object, got [1]\"}");
    assertThat(lines[2]).isEqualTo("{\"line\":4,\"error\":\"field gold is missing or no text\"}");
    assertThat(lines[3]).contains("did you mean \\\"math\\\"?");
    assertThat(lines[4]).isEqualTo("{\"line\":6,\"error\":\"field gold is missing or no text\"}");
    assertThat(lines[5]).startsWith("{\"line\":7,\"error\":\"a line must hold one JSON object");
    assertThat(lines[6]).startsWith("{\"line\":8,\"error\":\"field options: ");
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
  void aJudgeSeesTheQuestionAndItsAnswerIsWritten() throws IOException {
    Judge judge =
        (question, gold, completion) ->
            CompletableFuture.completedFuture(
                completion.isEmpty()
                    ? Verdict.judgeFailed("judge-unreadable", "Hm.")
                    : new Verdict(
                        Optional.of(completion.contains(gold) ? 1.0 : 0.0),
                        Optional.empty(),
                        "judge-verdict",
                        VerdictStatus.CORRECT,
                        Optional.of("asked " + question)));
    StringWriter out = new StringWriter();
    LineCounts counts =
        new GradeFiles("llm-judge", judge)
            .grade(
                bytes(
                    """
                    {"id":"a","question":"q1","gold":"7","completion":"it is 7"}
                    {"id":"b","question":"q2","gold":"7","completion":""}
                    {"id":"c","gold":"7","completion":"7"}
                    {"id":"d","gold":"7","completion":"7","verifier":"exact"}"""),
                out);
    assertThat(out)
        .hasToString(
            """
            {"id":"a","reward":1.0,"extracted":null,"rule":"judge-verdict","status":"correct","judge_answer":"asked q1"}
            {"id":"b","reward":null,"extracted":null,"rule":"judge-unreadable","status":"judge-failed","judge_answer":"Hm."}
            {"line":3,"error":"field question is missing or no text"}
            {"id":"d","reward":1.0,"extracted":"7","rule":"last-line","status":"correct"}
            """);
    assertThat(counts).isEqualTo(new LineCounts(4, 2));
  }

  @Test
  void anUnknownVerifierIsNamed() {
    assertThatThrownBy(() -> new GradeFiles("chioce", Judge.NOBODY))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("did you mean \"choice\"?");
  }

  private static InputStream bytes(String input) {
    return new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
  }

  private static String grade(String input) throws IOException {
    StringWriter out = new StringWriter();
    new GradeFiles("math", Judge.NOBODY).grade(bytes(input), out);
    return out.toString();
  }
}

package io.rephrase.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.rephrase.InputException;
import io.rephrase.data.Prompt;
import io.rephrase.lines.JsonElements;
import io.rephrase.lines.JsonLines;
import io.rephrase.reward.Verifiers;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BenchmarksTest {

  private static final Path FILES = Path.of("src/test/resources/benchmarks");

  @Test
  void gsm8kHasTheNumberAfterTheMarkAndASolutionWithoutCalculatorNotes() throws IOException {
    BenchmarkRow row = rows(Benchmarks.GSM8K, "gsm8k.jsonl", 2).get(0);
    assertThat(row.gold()).isEqualTo("1050");
    assertThat(row.knowledge().orElseThrow())
        .isEqualTo(
            "The trays hold 12*100=1200 cups.\nOf these 1200-150=1050 are whole.\n#### 1,050");
    assertThat(row.difficulty()).contains(2.0);
    assertThat(row.verifier()).isEqualTo(Verifiers.MATH);
    assertGradesItsOwnSolution(row);
  }

  @Test
  void math500HasSubjectAndLevelAndMathItselfTheAnswerInTheBox() throws IOException {
    List<BenchmarkRow> rows = rows(Benchmarks.MATH_500, "math-500.jsonl", 2);
    assertThat(rows.get(0).id()).contains("test/prealgebra/1.json");
    assertThat(rows.get(0).gold()).isEqualTo("\\frac{3}{4}");
    assertThat(rows.get(0).difficulty()).contains(2.0);
    assertThat(rows.get(0).metadata()).isEqualTo(Map.of("subject", "Prealgebra"));
    assertThat(rows.get(1).gold()).isEqualTo("5");
    assertThat(rows.get(1).difficulty()).contains(1.0);
    assertThat(rows.get(1).metadata()).isEqualTo(Map.of("subject", "Algebra"));
    JsonObject framed =
        JsonLines.object("{\"problem\": \"What?\", \"solution\": \"It is $\\\\fbox{7}$.\"}");
    assertThat(Benchmarks.MATH_500.read(framed, 0).gold()).isEqualTo("7");
    rows.forEach(BenchmarksTest::assertGradesItsOwnSolution);
  }

  @Test
  void aimeIsReadInTheColumnsOfEachOfItsPublishers() throws IOException {
    List<BenchmarkRow> rows = rows(Benchmarks.AIME, "aime.jsonl", 3);
    assertThat(rows).extracting(BenchmarkRow::gold).containsExactly("25", "36", "049");
    assertThat(rows)
        .extracting(row -> row.id().orElse("none"))
        .containsExactly("2099-I-1", "60", "none");
    // The second solution is the answer alone.
    assertThat(rows)
        .extracting(row -> row.knowledge().isPresent())
        .containsExactly(true, false, false);
    assertThat(verify(rows.get(2), "So \\boxed{49}.")).isEqualTo(1);
  }

  @Test
  void minervaHasTheAnswerInTheBoxAndTheCourseAsSubject() throws IOException {
    List<BenchmarkRow> rows = rows(Benchmarks.MINERVA_MATH, "minerva-math.jsonl", 2);
    assertThat(rows.get(0).gold()).isEqualTo("6");
    assertThat(rows.get(0).id()).contains("0");
    assertThat(rows.get(0).metadata())
        .isEqualTo(Map.of("subject", "Made-up Physics (0.00 Spring 2099)"));
    assertThat(rows.get(1).gold()).isEqualTo("y=7");
  }

  @Test
  void gpqaShufflesByTheSeedAndTheRecordAlone() {
    JsonObject record = gpqa("rec1");
    BenchmarkRow row = Benchmarks.GPQA.read(record, 0);
    assertThat(Benchmarks.GPQA.read(record, 0)).isEqualTo(row);
    assertThat(row.question()).startsWith("Which is a colour?\n\nA) ");
    assertThat(row.question().lines().skip(2).map(line -> line.substring(3)))
        .containsExactlyInAnyOrder("red", "two", "loud", "heavy");
    assertThat(row.question()).contains(row.gold() + ") red");
    assertThat(row.difficulty()).contains(2.0);
    assertThat(row.metadata())
        .containsEntry("subject", "Optics")
        .containsEntry("domain", "Physics");
    assertThat(row.knowledge()).contains("Red is a colour.");

    Set<String> bySeed = new HashSet<>();
    Set<String> byRecord = new HashSet<>();
    for (int i = 0; i < 64; i++) {
      bySeed.add(Benchmarks.GPQA.read(record, i).gold());
      byRecord.add(Benchmarks.GPQA.read(gpqa("rec" + i), 0).gold());
    }
    // A letter that none of 64 fair draws hits has a chance of 0.75^64, 1 in 10^8.
    assertThat(bySeed).containsExactlyInAnyOrder("A", "B", "C", "D");
    assertThat(byRecord).containsExactlyInAnyOrder("A", "B", "C", "D");
  }

  @Test
  void superGpqaHasUpToTenOptionsAndThreeLevels() throws IOException {
    BenchmarkRow row = rows(Benchmarks.SUPERGPQA, "supergpqa.jsonl", 1).get(0);
    assertThat(row.question()).startsWith("Which letter stands last?\n\nA) a\n").endsWith("\nJ) z");
    assertThat(row.gold()).isEqualTo("J");
    assertThat(row.difficulty()).contains(2.0);
    assertThat(row.metadata())
        .containsEntry("subject", "Literature and Arts")
        .containsEntry("subfield", "Alphabets");
    assertThat(verify(row, "Answer: J")).isEqualTo(1);
    assertThat(verify(row, "Answer: A")).isEqualTo(0);
  }

  @Test
  void mmluCountsItsAnswerFromZeroAndAnIndexOutsideIsNoGold() throws IOException {
    List<BenchmarkRow> rows = rows(Benchmarks.MMLU, "mmlu.jsonl", 2);
    assertThat(rows.get(0).question()).isEqualTo("Which is even?\n\nA) 1\nB) 3\nC) 4\nD) 5");
    assertThat(rows.get(0).gold()).isEqualTo("C");
    assertThat(rows.get(0).metadata())
        .isEqualTo(Map.of("subject", "made_up_arithmetic", "choices", "[\"1\",\"3\",\"4\",\"5\"]"));
    assertThat(Verifiers.goldProblem(prompt(rows.get(1))))
        .contains("gold \"H\" is none of the options ABCD");
  }

  @Test
  void aquaLosesItsOwnLettersOfTheOptions() throws IOException {
    BenchmarkRow row = rows(Benchmarks.AQUA, "aqua.json", 1).get(0);
    assertThat(row.question()).contains("\n\nA) 1 coin\nB) 2 coins\n").endsWith("E) None of these");
    assertThat(row.gold()).isEqualTo("B");
    assertThat(row.knowledge()).contains("6 / 3 = 2\nAnswer is B.");
    assertGradesItsOwnSolution(row);
  }

  @Test
  void finqaShowsThePageAndSaysHowToWriteTheAnswer() throws IOException {
    List<JsonObject> records = elements("finqa.json");
    BenchmarkRow growth = Benchmarks.FINQA.read(records.get(0), 0);
    assertThat(growth.question())
        .isEqualTo(
            """
            Context:
            sales are in coins .
            years end in june .

            Table:
             | 2098 | 2099
            sales | 80 | 100

            prices did not change .

            Question: by what share did sales grow ?
            Answer with a number rounded to 5 decimals; a percentage as a fraction of 1.""");
    assertThat(growth.gold()).isEqualTo("0.25000");
    assertThat(growth.difficulty()).contains(2.0);
    assertThat(growth.knowledge()).isEmpty();
    assertThat(verify(growth, "\\boxed{0.25}")).isEqualTo(1);
    assertThat(verify(growth, "\\boxed{0.251}")).isEqualTo(0);

    BenchmarkRow above = Benchmarks.FINQA.read(records.get(1), 0);
    assertThat(above.verifier()).isEqualTo(Verifiers.EXACT);
    assertThat(above.question()).endsWith("were sales above 90 ?\nAnswer yes or no.");
    assertThat(verify(above, "\\boxed{\\text{Yes}}")).isEqualTo(1);

    assertThatThrownBy(() -> Benchmarks.FINQA.read(records.get(2), 0))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("finqa: no text in column qa.exe_ans; a row has id, pre_text,");
  }

  @Test
  void finqaSaysWhatAPercentageIsWhereTheLastStepOfTheProgramTells() {
    String fraction = "; a percentage as a fraction of 1.";
    String percent = "; a percentage in percent.";
    assertThat(finqaForm("subtract(100, 80), divide(#0, 80)")).endsWith(fraction);
    assertThat(finqaForm("divide(5, 8), multiply(#0, const_100)")).endsWith(percent);
    assertThat(finqaForm("divide(5, 8), multiply(const_100, #0)")).endsWith(percent);
    for (String points :
        List.of("subtract(9.5, 8.1)", "subtract(191.4, const_100)", "divide(7, const_100)")) {
      assertThat(finqaForm(points)).as(points).endsWith("rounded to 5 decimals.");
    }
  }

  private static String finqaForm(String program) {
    JsonObject record =
        JsonLines.object(
            """
            {"id": "a", "pre_text": ["x"], "table": [], "post_text": [],
             "qa": {"question": "how much ?", "program": "%s", "exe_ans": 1.5}}"""
                .formatted(program));
    return Benchmarks.FINQA.read(record, 0).question();
  }

  @Test
  void aRowOfAnotherFormatIsRefusedWithTheMissingColumnAndTheExpectedOnes() {
    assertThatThrownBy(
            () -> Benchmarks.AQUA.read(JsonLines.object("{\"problem\": \"1\", \"answer\": 2}"), 0))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "aqua: no list in column options; a row has question, options such as [\"A)1\","
                + " \"B)2\"], rationale, correct; this one has problem, answer");
    assertThatThrownBy(
            () ->
                Benchmarks.GSM8K.read(
                    JsonLines.object("{\"question\": \"1\", \"answer\": \"One.\"}"), 0))
        .hasMessage("gsm8k: column answer must end in \"#### n\", got no ####");
    assertThatThrownBy(
            () ->
                Benchmarks.MMLU.read(
                    JsonLines.object(
                        "{\"question\": \"1\", \"choices\": [\"a\", \" \"], \"answer\": 0}"),
                    0))
        .hasMessage("mmlu: column options must not be blank, got option B");
  }

  private static JsonObject gpqa(String id) {
    return JsonLines.object(
        """
        {"Question": "Which is a colour?", "Correct Answer": "red", "Incorrect Answer 1": "two",
         "Incorrect Answer 2": "loud", "Incorrect Answer 3": "heavy", "Explanation": "Red is a colour.",
         "Writer's Difficulty Estimate": "Hard undergraduate level (for an exam)",
         "Subdomain": "Optics", "High-level domain": "Physics", "Record ID": "%s"}"""
            .formatted(id));
  }

  private static List<BenchmarkRow> rows(Benchmarks benchmark, String file, int count)
      throws IOException {
    List<BenchmarkRow> rows = new ArrayList<>();
    try (InputStream in = Files.newInputStream(FILES.resolve(file))) {
      JsonLines lines = new JsonLines(in);
      for (int i = 0; i < count; i++) {
        rows.add(benchmark.read(lines.next().orElseThrow().object(), 0));
      }
    }
    return rows;
  }

  private static List<JsonObject> elements(String file) throws IOException {
    List<JsonObject> objects = new ArrayList<>();
    try (BufferedInputStream in =
        new BufferedInputStream(Files.newInputStream(FILES.resolve(file)))) {
      assertThat(JsonElements.beginIn(in)).isTrue();
      JsonElements elements = new JsonElements(in);
      for (var next = elements.next(); next.isPresent(); next = elements.next()) {
        objects.add(next.get().getAsJsonObject());
      }
    }
    return objects;
  }

  private static void assertGradesItsOwnSolution(BenchmarkRow row) {
    assertThat(verify(row, row.knowledge().orElseThrow())).isEqualTo(1);
  }

  private static double verify(BenchmarkRow row, String completion) {
    Prompt prompt = prompt(row);
    return Verifiers.forPrompt(prompt).verify(completion, prompt.gold()).reward().orElseThrow();
  }

  private static Prompt prompt(BenchmarkRow row) {
    return new Prompt(
        "benchmark",
        "row",
        row.question(),
        row.gold(),
        row.verifier().label(),
        row.knowledge(),
        Optional.empty(),
        "test",
        row.difficulty(),
        row.metadata());
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.config.ConfigLoader;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as benchmarks are published, through the ingest job; the rows are our own. */
class BenchmarksIT {

  private static final String FILES = "../common/src/test/resources/benchmarks/";

  @TempDir static Path folder;
  private static Warehouse warehouse;
  private static String said;

  @BeforeAll
  static void ingest() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
    ResolvedConfig config =
        new ConfigLoader()
            .words(
                List.of(
                    source("gsm8k", "gsm8k.jsonl"),
                    source("gpqa", "gpqa.csv"),
                    source("mmlu", "mmlu/*.csv"),
                    source("finqa", "finqa.json")))
            .load();
    StringWriter out = new StringWriter();
    IngestJob.run(
        warehouse, JobCall.of(config, "test", Progress.silent(), new PrintWriter(out, true)));
    said = out.toString();
  }

  @Test
  void everyBenchmarksRowsArePromptsOfTheTestSplitOrInQuarantine() {
    assertThat(said)
        .contains(
            "gsm8k: 4 read, 2 added, 0 there already",
            "gpqa: 3 read, 2 added, 0 there already",
            "mmlu: 3 read, 2 added, 0 there already",
            "finqa: 3 read, 2 added, 0 there already");
    assertThat(prompts("gsm8k", "gold", "verifier", "split", "difficulty", "knowledge_source"))
        .containsExactlyInAnyOrder("[1050,math,test,2.0,gsm8k]", "[0,math,test,0.0,gsm8k]");
    assertThat(prompts("gpqa", "prompt_id", "verifier", "difficulty", "metadata['subject']"))
        .containsExactlyInAnyOrder(
            "[rec1,choice,2.0,Optics (general)]", "[rec2,choice,4.0,Genetics]");
    assertThat(prompts("finqa", "prompt_id", "gold", "verifier", "difficulty"))
        .containsExactlyInAnyOrder(
            "[MADE/2099/page_1.pdf-1,0.25000,numeric,2.0]",
            "[MADE/2099/page_1.pdf-2,yes,exact,1.0]");
  }

  @Test
  void aCsvKeepsItsLineBreaksAndQuotesAndNamesTheSubjectInItsFile() {
    assertThat(prompts("mmlu", "question", "gold", "metadata['subject']"))
        .contains(
            "[Which came first, of these?\n\nA) Stone\nB) Bronze\nC) Iron\n"
                + "D) Plastic, or \"polymers\",A,made_up_history]");
    // What stands at the gold letter is the right answer, wherever the shuffle put it.
    assertThat(
            prompts("gpqa", "prompt_id", "regexp_extract(question, concat(gold, '\\\\) (.*)'), 1)"))
        .containsExactlyInAnyOrder("[rec1,red]", "[rec2,two]");
    assertThat(prompts("gpqa", "question"))
        .anyMatch(question -> question.startsWith("[Which of these, \"by name\",\nis a colour?\n"));
  }

  @Test
  void aRowThatIsNotOfTheFormatGoesToQuarantineWithItsLineAndColumn() {
    assertThat(quarantined("gsm8k"))
        .containsExactly(
            "[3,malformed,gsm8k: column answer must end in \"#### n\", got no ####]",
            "[4,unreadable-gold,gold \"\\frac{1}{\" is no expression, set, interval, matrix or text]");
    assertThat(quarantined("gpqa").get(0))
        .startsWith("[3,malformed,gpqa: no text in column Correct Answer; a row has Question,");
    assertThat(quarantined("mmlu"))
        .containsExactly("[3,unreadable-gold,gold \"answer\" is none of the options ABCD]");
    assertThat(quarantined("finqa").get(0))
        .startsWith("[3,malformed,finqa: no text in column qa.exe_ans; a row has id,");
  }

  @Test
  void aNameThatIsNoBenchmarkIsRefusedWithTheOneMeant() {
    assertThatThrownBy(
            () ->
                new ConfigLoader()
                    .words(List.of("data.sources.x={path=a, benchmark=gpqqa}"))
                    .load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "benchmark must be one of gsm8k, math-500, aime, minerva-math, gpqa, supergpqa, mmlu,"
                + " aqua, finqa, got \"gpqqa\"; did you mean gpqa?");
    assertThatThrownBy(
            () ->
                new ConfigLoader()
                    .words(List.of("data.sources.x={path=a, benchmark=gpqa, columns={question=q}}"))
                    .load())
        .hasMessageContaining("columns must be empty with benchmark gpqa");
  }

  private static String source(String benchmark, String file) {
    return "data.sources.%s={path=\"%s\", benchmark=%s}"
        .formatted(benchmark, FILES + file, benchmark);
  }

  private static List<String> prompts(String dataset, String... columns) {
    return warehouse
        .read(Tables.PROMPTS)
        .where("dataset = '" + dataset + "'")
        .selectExpr(columns)
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  private static List<String> quarantined(String dataset) {
    return warehouse
        .read(Tables.QUARANTINE)
        .where("dataset = '" + dataset + "'")
        .orderBy("line")
        .select("line", "reason", "detail")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }
}

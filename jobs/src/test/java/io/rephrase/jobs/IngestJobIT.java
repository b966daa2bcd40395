package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.InputException;
import io.rephrase.config.SourceConfig;
import io.rephrase.config.SourceFormat;
import io.rephrase.data.Prompt;
import io.rephrase.data.QuarantinedRecord;
import io.rephrase.jobs.spark.GoldCheck;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestJobIT {

  /** Knows one verifier, which reads whatever is a number. */
  private static final class NumbersOnly implements GoldCheck {
    private static final long serialVersionUID = 1;

    @Override
    public Optional<String> unknown(String verifier) {
      return verifier.equals("numeric") ? Optional.empty() : Optional.of("no " + verifier);
    }

    @Override
    public Optional<String> problem(String verifier, String gold, String question) {
      return gold.matches("-?\\d+") ? Optional.empty() : Optional.of("no number: " + gold);
    }
  }

  @TempDir static Path folder;
  private static SparkSession session;
  private static Warehouse warehouse;
  private static IngestJob job;

  @BeforeAll
  static void openWarehouse() {
    session = SparkTestSession.get();
    warehouse = Warehouse.open(session, folder.resolve("warehouse").toString());
    job = new IngestJob(warehouse, new NumbersOnly());
  }

  @Test
  void badLinesGoToQuarantineWithLineAndReasonAndTheRestIsStored() throws IOException {
    Path file = folder.resolve("sums.jsonl.gz");
    gzip(
        file,
        "{\"prompt_id\": \"a\", \"question\": \"1+1?\", \"gold\": 2, \"verifier\": \"numeric\", \"split\": \"train\", \"difficulty\": 1, \"knowledge\": \"so 2\", \"knowledge_source\": \"me\", \"metadata\": {\"n\": 1, \"l\": [1, 2], \"z\": null}}",
        "not json",
        "",
        "{\"prompt_id\": \"a\", \"question\": \"2+2?\", \"gold\": \"4\"}",
        "{\"prompt_id\": \"b\", \"question\": \" \", \"gold\": \"4\"}",
        "{\"prompt_id\": \"c\", \"question\": \"2+3?\", \"gold\": \"\"}",
        "{\"prompt_id\": \"d\", \"question\": \"2+3?\", \"gold\": \"5\", \"verifier\": \"oracle\"}",
        "{\"prompt_id\": \"e\", \"question\": \"2+3?\", \"gold\": \"five\"}",
        "{\"prompt_id\": \"f\", \"question\": \"2+4?\", \"gold\": \"6\", \"knowledge\": null}");
    SourceConfig source = source(file, SourceFormat.AUTO, Map.of());

    IngestSummary summary = job.run("r", "sums", source);

    assertThat(summary.read()).isEqualTo(8);
    assertThat(summary.added()).isEqualTo(2);
    assertThat(summary.quarantined())
        .isEqualTo(
            Map.of(
                "malformed", 1L,
                "duplicate", 1L,
                "missing-question", 1L,
                "empty-gold", 1L,
                "unknown-verifier", 1L,
                "unreadable-gold", 1L));
    assertThat(prompts("sums"))
        .containsExactly(
            new Prompt(
                "sums",
                "a",
                "1+1?",
                "2",
                "numeric",
                Optional.of("so 2"),
                Optional.of("me"),
                "train",
                Optional.of(1.0),
                Map.of("n", "1", "l", "[1,2]")),
            new Prompt(
                "sums",
                "f",
                "2+4?",
                "6",
                "numeric",
                Optional.empty(),
                Optional.empty(),
                "train",
                Optional.empty(),
                Map.of()));
    // Lines count blank ones: the duplicate stands on line 4, the unknown verifier on line 7.
    assertThat(quarantined("sums"))
        .extracting(QuarantinedRecord::line)
        .containsExactly(2L, 4L, 5L, 6L, 7L, 8L);
    assertThat(quarantined("sums").get(0).raw()).isEqualTo("not json");
    assertThat(quarantined("sums").get(4).detail()).isEqualTo("no oracle");
  }

  @Test
  void aLineThatIsNotUtf8GoesToQuarantineAndIsNotRepaired() throws IOException {
    Path file = folder.resolve("latin.jsonl");
    String lines =
        "{\"question\":\"1+1 caf\u00e9?\",\"gold\":\"2\"}\r\n{\"question\":\"1+2?\",\"gold\":\"3\"}\n";
    Files.write(file, lines.getBytes(StandardCharsets.ISO_8859_1));

    IngestSummary summary = job.run("r", "latin", source(file, SourceFormat.JSONL, Map.of()));

    assertThat(summary.quarantined()).isEqualTo(Map.of("malformed", 1L));
    assertThat(prompts("latin")).extracting(Prompt::question).containsExactly("1+2?");
    QuarantinedRecord bad = quarantined("latin").get(0);
    assertThat(bad.line()).isEqualTo(1);
    assertThat(bad.detail()).isEqualTo("the line is not UTF-8; save the file in that encoding");
    assertThat(bad.raw()).startsWith("{\"question\":\"1+1 caf").endsWith("\"gold\":\"2\"}");
  }

  @Test
  void readingTheSameAgainAddsNothingAndChangedContentIsRefused() throws IOException {
    Path file = folder.resolve("again.jsonl");
    Files.writeString(file, "{\"prompt_id\":\"a\",\"question\":\"1?\",\"gold\":\"1\"}\nbad\n");
    SourceConfig source = source(file, SourceFormat.JSONL, Map.of());
    job.run("r", "again", source);

    IngestSummary second = job.run("r", "again", source);

    assertThat(second.added()).isZero();
    assertThat(second.alreadyThere()).isEqualTo(1);
    assertThat(quarantined("again")).hasSize(1);

    Path changed = folder.resolve("changed.jsonl");
    Files.writeString(changed, "{\"prompt_id\":\"a\",\"question\":\"1?\",\"gold\":\"7\"}\n");
    IngestSummary third = job.run("r", "again", source(changed, SourceFormat.JSONL, Map.of()));
    assertThat(third.quarantined()).isEqualTo(Map.of("duplicate", 1L));
    assertThat(prompts("again").get(0).gold()).isEqualTo("1");
  }

  @Test
  void tablesOfOtherFormatsAreReadThroughTheirOwnColumnNames() throws IOException {
    Path csv = folder.resolve("questions.csv");
    Files.writeString(csv, "problem,answer\n\"What, then, is 1+1?\",2\n3+4?,7\n");
    Map<String, String> columns = Map.of("question", "problem", "gold", "answer");
    Path parquet = folder.resolve("questions.parquet");
    session.read().option("header", "true").csv(csv.toString()).write().parquet(parquet.toString());

    job.run("r", "csv", source(csv, SourceFormat.AUTO, columns));
    job.run("r", "parquet", source(parquet, SourceFormat.AUTO, columns));

    assertThat(prompts("csv"))
        .extracting(Prompt::question)
        .containsExactlyInAnyOrder("What, then, is 1+1?", "3+4?");
    // Without an id of its own a prompt is named by its question, so both formats agree.
    assertThat(prompts("parquet"))
        .extracting(Prompt::promptId)
        .containsExactlyElementsOf(prompts("csv").stream().map(Prompt::promptId).toList());
  }

  @Test
  void aFormatThatCannotBeGuessedIsAsked() {
    assertThatThrownBy(
            () -> job.run("r", "x", source(folder.resolve("x"), SourceFormat.AUTO, Map.of())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("set format to jsonl, parquet, delta or csv");
  }

  private static SourceConfig source(Path path, SourceFormat format, Map<String, String> columns) {
    return new SourceConfig(path.toString(), format, "train", "numeric", "", 0, columns);
  }

  private static List<Prompt> prompts(String dataset) {
    RecordCodec<Prompt> codec = warehouse.codec(Tables.PROMPTS, Prompt.class);
    return warehouse
        .read(Tables.PROMPTS)
        .where("dataset = '" + dataset + "'")
        .orderBy("prompt_id")
        .collectAsList()
        .stream()
        .map(codec::fromRow)
        .toList();
  }

  private static List<QuarantinedRecord> quarantined(String dataset) {
    RecordCodec<QuarantinedRecord> codec =
        warehouse.codec(Tables.QUARANTINE, QuarantinedRecord.class);
    return warehouse
        .read(Tables.QUARANTINE)
        .where("dataset = '" + dataset + "'")
        .orderBy("line")
        .collectAsList()
        .stream()
        .map(codec::fromRow)
        .toList();
  }

  private static void gzip(Path file, String... lines) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
  }
}

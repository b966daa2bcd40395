package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.InputException;
import io.rephrase.config.SourceConfig;
import io.rephrase.config.SourceFormat;
import io.rephrase.data.Prompt;
import io.rephrase.data.QuarantinedRecord;
import io.rephrase.jobs.driver.Debugger;
import io.rephrase.jobs.driver.Stop;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

  /** The same; ingests that come to the question "1+1?" go on once two of them are there. */
  private static final class Meeting implements GoldCheck {
    private static final long serialVersionUID = 1;
    private static volatile CountDownLatch absent = new CountDownLatch(0);
    private final NumbersOnly numbers = new NumbersOnly();

    @Override
    public Optional<String> unknown(String verifier) {
      return numbers.unknown(verifier);
    }

    @Override
    public Optional<String> problem(String verifier, String gold, String question) {
      return question.equals("1+1?") && !met()
          ? Optional.of("the other ingest never came")
          : numbers.problem(verifier, gold, question);
    }

    private static boolean met() {
      absent.countDown();
      try {
        return absent.await(2, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        throw new IllegalStateException("waiting for the other ingest", e);
      }
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

  @Test
  void twoIngestsOfOneFileAtOnceStoreEachPromptAndEachBadLineOnce() throws Exception {
    Path file = folder.resolve("twice.jsonl");
    Files.writeString(file, line("a", "1+1?", 2) + line("b", "1+2?", 3) + "bad\n");
    SourceConfig source = source(file, SourceFormat.JSONL, Map.of());

    List<IngestSummary> summaries =
        atOnce(
            meeting -> meeting.run("r", "twice", source),
            meeting -> meeting.run("s", "twice", source));

    assertThat(summaries).extracting(IngestSummary::added).containsExactlyInAnyOrder(2L, 0L);
    assertThat(summaries).extracting(IngestSummary::alreadyThere).containsExactlyInAnyOrder(0L, 2L);
    assertThat(prompts("twice")).extracting(Prompt::promptId).containsExactly("a", "b");
    assertThat(quarantined("twice")).extracting(QuarantinedRecord::line).containsExactly(3L);
  }

  @Test
  void ofTwoFilesForOneDataSetAtOnceTheLaterIsJudgedByWhatTheEarlierStored() throws Exception {
    Path small = folder.resolve("small.jsonl");
    Files.writeString(small, line("a", "1+1?", 2));
    Path large = folder.resolve("large.jsonl");
    Files.writeString(large, line("a", "1+1?", 7) + line("b", "1+2?", 3));

    List<IngestSummary> summaries =
        atOnce(
            meeting -> meeting.run("r", "shared", source(small, SourceFormat.JSONL, Map.of())),
            meeting -> meeting.run("s", "shared", source(large, SourceFormat.JSONL, Map.of())));

    // Whoever comes first stores a; the other's a has another answer. b is the large file's alone.
    assertThat(summaries)
        .extracting(IngestSummary::quarantined)
        .containsExactlyInAnyOrder(Map.of(), Map.of("duplicate", 1L));
    assertThat(prompts("shared")).extracting(Prompt::promptId).containsExactly("a", "b");
    assertThat(quarantined("shared"))
        .singleElement()
        .extracting(QuarantinedRecord::detail)
        .isEqualTo("the table holds this prompt_id with other content: a");
  }

  @Test
  void twoDataSetsIngestedAtOnceAreBothStored() throws Exception {
    Path file = folder.resolve("apart.jsonl");
    Files.writeString(file, line("a", "1+1?", 2) + line("b", "1+2?", 3) + "bad\n");
    SourceConfig source = source(file, SourceFormat.JSONL, Map.of());

    List<IngestSummary> summaries =
        atOnce(
            meeting -> meeting.run("r", "left", source),
            meeting -> meeting.run("s", "right", source));

    assertThat(summaries).extracting(IngestSummary::added).containsExactly(2L, 2L);
    for (String dataset : List.of("left", "right")) {
      assertThat(prompts(dataset)).extracting(Prompt::promptId).containsExactly("a", "b");
      assertThat(quarantined(dataset)).extracting(QuarantinedRecord::line).containsExactly(3L);
    }
  }

  @Test
  void anIngestKilledBetweenAndAfterItsCommitsIsSimplyRunAgain() throws Exception {
    Path file = folder.resolve("killed.jsonl");
    Files.writeString(file, line("a", "1+1?", 2) + line("b", "1+2?", 3) + "bad\n");
    String commits = "io.rephrase.jobs.table.DatasetCommits";

    // The bad line is stored, the prompts are not.
    killAt(Stop.at(commits, "append").call(2), file);
    assertThat(quarantined("killed")).hasSize(1);
    assertThat(prompts("killed")).isEmpty();
    // The prompts are stored, and nobody was told.
    killAt(Stop.at("io.rephrase.jobs.IngestSummary", "lines"), file);
    assertThat(prompts("killed")).hasSize(2);

    IngestSummary summary = job.run("r", "killed", source(file, SourceFormat.JSONL, Map.of()));

    assertThat(summary.added()).isZero();
    assertThat(summary.alreadyThere()).isEqualTo(2);
    assertThat(prompts("killed")).extracting(Prompt::promptId).containsExactly("a", "b");
    assertThat(quarantined("killed")).extracting(QuarantinedRecord::line).containsExactly(3L);
  }

  private static void killAt(Stop stop, Path file) throws Exception {
    List<String> ingest =
        List.of(
            "ingest",
            "--warehouse",
            warehouse.root(),
            "spark.master=local[2]",
            "data.sources.killed.path=" + file,
            "data.sources.killed.verifier=numeric",
            "data.sources.killed.split=train");
    try (Debugger debugger = Debugger.start(folder.resolve("driver.log"), ingest)) {
      debugger.runTo(stop);
      debugger.driver().kill();
    }
  }

  /** Both have read what the tables hold before either adds to them. */
  private static List<IngestSummary> atOnce(
      Function<IngestJob, IngestSummary> one, Function<IngestJob, IngestSummary> other)
      throws Exception {
    Meeting.absent = new CountDownLatch(2);
    IngestJob meeting = new IngestJob(warehouse, new Meeting());
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<IngestSummary> first = threads.submit(() -> one.apply(meeting));
      Future<IngestSummary> second = threads.submit(() -> other.apply(meeting));
      return List.of(first.get(), second.get());
    } finally {
      threads.shutdown();
    }
  }

  private static String line(String promptId, String question, int gold) {
    return "{\"prompt_id\":\"%s\",\"question\":\"%s\",\"gold\":\"%d\"}\n"
        .formatted(promptId, question, gold);
  }

  private static SourceConfig source(Path path, SourceFormat format, Map<String, String> columns) {
    return new SourceConfig(
        path.toString(), format, Optional.empty(), 0, "train", "numeric", "", 0, columns);
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

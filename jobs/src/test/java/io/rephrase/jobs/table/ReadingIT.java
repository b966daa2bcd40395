package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import io.rephrase.cli.ReadingCommands;
import io.rephrase.data.RunEvent;
import io.rephrase.data.RunStatus;
import io.rephrase.jobs.MaintainJob;
import io.rephrase.jobs.ReportJob;
import io.rephrase.jobs.driver.DriverProcess;
import io.rephrase.jobs.spark.SparkTestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Warehouses opened for reading: every file and folder is as it was before, to its time. */
class ReadingIT {

  private static final SparkSession SESSION = SparkTestSession.get();

  @TempDir Path folder;

  @Test
  void aWholeWarehouseIsReadAndStaysAsItWas() throws IOException {
    Path warehouse = folder.resolve("warehouse");
    Warehouse written = Warehouse.open(SESSION, warehouse.toString());
    TaughtGroups.write(written);
    begin(written, "t");
    Path stray = Files.writeString(warehouse.resolve("guidance/stray.parquet"), "bytes");
    Files.setLastModifiedTime(stray, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
    Files.createDirectories(warehouse.resolve("_checkpoints/t/1-unfinished"));
    List<String> before = listing(warehouse);

    Warehouse read = Warehouse.openForReading(SESSION, warehouse.toString());
    read.registerViews();

    // Five rollouts: those of p0, p2 (two) and p3 (two).
    assertThat(value("SELECT count(*) FROM rollouts")).isEqualTo(5L);
    assertThat(value("SELECT status FROM run_overview WHERE run_id = 't'")).isEqualTo("unfinished");
    assertThat(report(read, "t")).isEqualTo(4);
    assertThat(planned(read))
        .contains("vacuum guidance  1 files older than 7 days, 5 bytes")
        .anyMatch(line -> line.startsWith("remove checkpoint ") && line.contains("1-unfinished"));
    assertThat(listing(warehouse)).isEqualTo(before);
  }

  @Test
  void aTableThatIsNotThereHasNoRows() throws IOException {
    Path warehouse = folder.resolve("warehouse");
    Warehouse written = Warehouse.open(SESSION, warehouse.toString());
    TaughtGroups.write(written);
    begin(written, "t");
    for (Tables table : List.of(Tables.TEACHER_SCORES, Tables.STAGE_TIMES, Tables.LEASES)) {
      FileUtils.deleteDirectory(new java.io.File(written.path(table)));
    }
    List<String> before = listing(warehouse);

    Warehouse read = Warehouse.openForReading(SESSION, warehouse.toString());
    read.registerViews();

    assertThat(value("SELECT count(*) FROM stage_seconds")).isEqualTo(0L);
    // The experts' words are gone: of the substitutions on p0 and p1 only the decisions are left.
    assertThat(value("SELECT count(*) FROM substitutions")).isEqualTo(2L);
    assertThat(value("SELECT count(teacher_tokens) FROM substitutions")).isEqualTo(0L);
    assertThat(report(read, "t")).isEqualTo(4);
    assertThat(planned(read)).noneMatch(line -> line.contains("teacher_scores"));
    assertThat(listing(warehouse)).isEqualTo(before);
  }

  @Test
  void columnsDeclaredLaterAreNullAndTheCommandsNeedNoMoreThanToRead() throws Exception {
    Path warehouse = olderWarehouse();
    List<String> before = listing(warehouse);
    Warehouse read = Warehouse.openForReading(SESSION, warehouse.toString());
    for (Tables table : List.of(Tables.REPHRASINGS, Tables.ROLLOUT_GROUPS, Tables.RUNS)) {
      assertThat(read.read(table).schema().catalogString())
          .isEqualTo(read.definition(table).schema().catalogString());
    }
    assertThat(read.controlTables().events("r"))
        .extracting(RunEvent::generation)
        .containsExactly(Optional.empty());

    Path page = folder.resolve("r.html");
    try (DriverProcess commands =
        DriverProcess.start(
            ReadingCommands.class,
            folder.resolve("output"),
            List.of("-Dspark.sql.warehouse.dir=" + folder.resolve("spark")),
            List.of(warehouse.toString(), page.toString()))) {
      assertThat(commands.process().waitFor()).as(commands.printed()).isZero();
      // Rewards 0 and 1, and nobody measured.
      assertThat(commands.printed())
          .contains("mean,slowest\n0.5,\nsql ended with 0\n")
          .contains("\nr,unfinished,repo,0/3,")
          .contains("\nruns ended with 0\n")
          .contains("\nreport ended with 0\n")
          .contains("delete from rollout_groups  1 rows\nforget the events of run r\n")
          .containsPattern("(?s)Nothing was done.\nmaintain ended with 0\n.*maintain ended with 0");
    }
    assertThat(page).content().contains("so it is 7");
    assertThat(listing(warehouse)).isEqualTo(before);
  }

  @Test
  void whatIsNoWarehouseOrAnotherOneIsRefusedAndLeftAlone() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty/runs")).getParent();
    Path other = folder.resolve("other");
    OlderTables.make(other, Tables.RUNS, "  command ");
    SESSION.sql("ALTER TABLE delta.`%s/runs` ADD COLUMNS (mood STRING)".formatted(other));
    List<String> before = listing(folder);

    assertThatThrownBy(() -> Warehouse.openForReading(SESSION, empty.toString()))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "%s: there is no warehouse; make one with quickstart or iterate, or give another with --warehouse"
                .formatted(empty));
    assertThatThrownBy(() -> Warehouse.openForReading(SESSION, other.toString()))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "warehouse %s is not what this version declares: table runs: column command is missing; table runs: column mood is not declared; use the version that wrote it, or another folder; only columns that may be NULL are added to what is there"
                .formatted(other));
    assertThat(listing(folder)).isEqualTo(before);
  }

  @Test
  void aRunThatADriverOwnsIsLeftAloneInAPlanAsWell() throws IOException {
    for (String root : List.of(folder + "/local", "shared:" + folder + "/shared")) {
      Warehouse written = Warehouse.open(SESSION, root);
      begin(written, "owned");
      RunOwnership owned = RunOwnership.acquire(written, "owned", TakeOver.NEVER);
      List<String> before = listing(folder);
      Warehouse read = Warehouse.openForReading(SESSION, root);

      assertThatThrownBy(() -> MaintainJob.pretending(read, line -> {}).delete("owned"))
          .isInstanceOf(TableException.class)
          .hasMessageStartingWith("run owned in " + root + " belongs to another driver (pid ");
      assertThat(listing(folder)).isEqualTo(before);

      owned.close();
      List<String> lines = new ArrayList<>();
      MaintainJob.pretending(read, lines::add).delete("owned");
      assertThat(lines).containsExactly("forget the events of run owned");
    }
  }

  /** Run r with one group, in tables that lack a column, a field of a struct, and eleven tables. */
  private Path olderWarehouse() {
    Path warehouse = folder.resolve("older");
    OlderTables.make(warehouse, Tables.REPHRASINGS, "  rule ");
    OlderTables.make(warehouse, Tables.ROLLOUT_GROUPS, "    latency_ms: ");
    OlderTables.make(warehouse, Tables.RUNS, "  generation ");
    insert(
        warehouse,
        "runs (run_id, sequence, status, at, command, config_json, code_version, inputs)",
        "'r', 0L, 'started', TIMESTAMP '2026-01-02 03:04:05', 'iterate', '{\"algorithm.preset\":\"repo\",\"run.iterations\":3}', '0', map('prompts', '1')");
    String rollout =
        "named_struct('sample_index', %d, 'seed', 1L, 'finish_reason', 'eos', 'reward', %s, 'extracted', '7', 'rule', 'boxed', 'status', 'correct', 'error', CAST(NULL AS STRING), 'judge_answer', CAST(NULL AS STRING), 'text', 'so it is 7', 'token_ids', array(1, 2), 'log_probs', array(-1F, -1F))";
    insert(
        warehouse,
        "rollout_groups",
        "'r', 0, 0, 'sums', 'p0', 0, 0, true, 2D, array(1), array(%s, %s)"
            .formatted(rollout.formatted(0, "0D"), rollout.formatted(1, "1D")));
    return warehouse;
  }

  private static void insert(Path warehouse, String table, String values) {
    String[] words = table.split(" ", 2);
    SESSION.sql(
        "INSERT INTO delta.`%s/%s` %s VALUES (%s)"
            .formatted(warehouse, words[0], words.length > 1 ? words[1] : "", values));
  }

  private static void begin(Warehouse warehouse, String run) {
    RunLog.open(
            warehouse.controlTables(), new RunLog.Author(run, "iterate", "test"), Clock.systemUTC())
        .began(RunStatus.STARTED, "{}", "44136f", Map.of());
  }

  private int report(Warehouse warehouse, String run) {
    return new ReportJob(warehouse, Clock.systemUTC())
        .run(ReportJob.Request.of(run, folder.resolve("report.html")))
        .groups();
  }

  private static List<String> planned(Warehouse warehouse) {
    List<String> lines = new ArrayList<>();
    MaintainJob.pretending(warehouse, lines::add).upkeep(Duration.ofDays(7));
    return lines;
  }

  private static Object value(String query) {
    return SESSION.sql(query).first().get(0);
  }

  /** Every file and folder with its size and the time it was last changed. */
  private static List<String> listing(Path folder) throws IOException {
    List<String> entries = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted().toList()) {
        entries.add(
            path + " " + Files.size(path) + " " + Files.getLastModifiedTime(path).toInstant());
      }
    }
    return entries;
  }
}

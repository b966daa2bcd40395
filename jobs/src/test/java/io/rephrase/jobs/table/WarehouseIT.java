package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import io.rephrase.TableException;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.Guidance;
import io.rephrase.data.RolloutGroup;
import io.rephrase.jobs.spark.SparkTestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseIT {

  @TempDir static Path shared;
  private static SparkSession session;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    session = SparkTestSession.get();
    warehouse = Warehouse.open(session, shared.toString());
  }

  @Test
  void openingAgainFindsEverythingAsDeclared() {
    assertThat(Warehouse.open(session, shared.toString()).read(Tables.PROMPTS).count()).isZero();
  }

  @Test
  void commitsOfSparkAndOfKernelAreMadeByTheLogStoreThatKeepsProcessesApart() throws IOException {
    // Hadoop's rename leaves a checksum beside each file.
    for (Tables table : List.of(Tables.ROLLOUT_GROUPS, Tables.RUNS)) {
      try (Stream<Path> log = Files.list(shared.resolve(table.label()).resolve("_delta_log"))) {
        assertThat(log.map(file -> file.getFileName().toString()))
            .as(table.label())
            .contains("00000000000000000000.json")
            .noneMatch(file -> file.endsWith(".json.crc"));
      }
    }
  }

  @Test
  void whoeverOpensANewWarehouseAtTheSameMomentFindsIt(@TempDir Path folder) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    for (int time = 0; time < 3; time++) {
      String root = folder.resolve("new" + time).toString();
      CyclicBarrier start = new CyclicBarrier(2);
      Callable<Long> opening =
          () -> {
            start.await();
            return Warehouse.open(session, root).read(Tables.PROMPTS).count();
          };
      for (Future<Long> prompts : threads.invokeAll(List.of(opening, opening))) {
        assertThat(prompts.get()).isZero();
      }
      // What made them is their only commit.
      Warehouse opened = Warehouse.open(session, root);
      assertThat(Tables.values()).allSatisfy(table -> assertThat(opened.version(table)).isZero());
    }
    threads.shutdown();
  }

  @Test
  void aFolderThatHoldsSomethingElseThanItsTableIsRefused(@TempDir Path folder) throws Exception {
    Files.writeString(Files.createDirectories(folder.resolve("prompts")).resolve("notes"), "mine");

    assertThatThrownBy(() -> Warehouse.open(session, folder.toString()))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "folder %s/prompts holds files and no table, notes among them: they are something else's; move the folder away, and run the command again"
                .formatted(folder));
  }

  @Test
  void whatAKilledProcessLeftOfATableItWasMakingIsNoHindrance(@TempDir Path folder)
      throws Exception {
    Path log = Files.createDirectories(folder.resolve("prompts").resolve("_delta_log"));
    Files.writeString(log.resolve(".00000000000000000000.json.1.tmp"), "{");

    Warehouse opened = Warehouse.open(session, folder.toString());

    assertThat(opened.version(Tables.PROMPTS)).isZero();
  }

  @Test
  void aTableIsMadeAsDeltasOwnBuilderMakesIt(@TempDir Path folder) {
    TableDefinition declared = TableDefinition.of(Tables.ROLLOUT_GROUPS);
    DeltaTableBuilder builder =
        DeltaTable.create(session)
            .location(folder.resolve("theirs").toString())
            .comment(declared.comment())
            .addColumns(declared.schema())
            .partitionedBy(declared.partitionColumns().toArray(String[]::new));
    declared.properties().forEach(builder::property);
    builder.execute();

    new TableCreation(
            new KernelTable(warehouse.engine(), folder.resolve("ours").toString()),
            warehouse.hadoopConfiguration(),
            folder.resolve("ours").toString())
        .create(declared);

    assertThat(detail(folder.resolve("ours"))).isEqualTo(detail(folder.resolve("theirs")));
    assertThat(schema(folder.resolve("ours"))).isEqualTo(schema(folder.resolve("theirs")));
  }

  private static Row detail(Path table) {
    return session
        .sql("DESCRIBE DETAIL delta.`" + table + "`")
        .select(
            "format",
            "name",
            "description",
            "partitionColumns",
            "numFiles",
            "sizeInBytes",
            "properties",
            "minReaderVersion",
            "minWriterVersion",
            "tableFeatures")
        .first();
  }

  private static String schema(Path table) {
    return session.read().format("delta").load(table.toString()).schema().json();
  }

  @Test
  void nullsAndCommentsAndConstraintsAreInTheTable() {
    String detail =
        session
            .sql("DESCRIBE TABLE EXTENDED delta.`" + warehouse.path(Tables.GUIDANCE) + "`")
            .collectAsList()
            .toString();

    assertThat(detail).contains("attempt of the rephrasing used");
    assertThatThrownBy(
            () ->
                session.sql(
                    "INSERT INTO delta.`%s` SELECT dataset, prompt_id, question, ' ', verifier, knowledge, knowledge_source, split, difficulty, metadata FROM (SELECT 'd' dataset, 'p' prompt_id, 'q' question, 'v' verifier, 'k' knowledge, 's' knowledge_source, 'train' split, 1.0D difficulty, map('a','b') metadata)"
                        .formatted(warehouse.path(Tables.PROMPTS))))
        .hasMessageContaining("gold_not_blank");
  }

  @Test
  void aTableThatIsDifferentIsRefusedWithEveryDifference(@TempDir Path folder) {
    session.sql(
        "CREATE TABLE delta.`%s/prompts` (dataset STRING NOT NULL, prompt_id BIGINT NOT NULL, more STRING) USING delta"
            .formatted(folder));

    assertThatThrownBy(() -> Warehouse.open(session, folder.toString()))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("table prompts: column prompt_id is long, declared string")
        .hasMessageContaining("table prompts: column question is missing")
        .hasMessageContaining("table prompts: column more is not declared")
        .hasMessageContaining("table prompts: partitioned by [], declared [dataset]")
        .hasMessageContaining("delta.checkpointInterval is null, declared 100");
  }

  @Test
  void aChunkIsWrittenOnceHoweverOftenItIsSent() {
    TableStore store = warehouse.store();
    ChunkId chunk = new ChunkId("once", Stage.ROLLOUT, 0, 0, 0);

    assertThat(store.append(Tables.ROLLOUT_GROUPS, groups("once", 0, 1), chunk)).isTrue();
    assertThat(store.append(Tables.ROLLOUT_GROUPS, groups("once", 0, 1), chunk)).isFalse();
    // A store that has seen nothing asks the log.
    assertThat(warehouse.store().append(Tables.ROLLOUT_GROUPS, groups("once", 0, 1), chunk))
        .isFalse();

    assertThat(rows("once"))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyInAnyOrder(
            Fixtures.group("once", 0, 0, 1, 0, Double.NaN),
            Fixtures.group("once", 0, 1, 1, 0, Double.NaN));
  }

  @Test
  void aStageIsDoneWhenEveryChunkIsInTheLog() {
    TableStore store = warehouse.store();
    StagePlan plan = new StagePlan("done", Stage.ROLLOUT, 3, 0, 3);
    store.append(Tables.ROLLOUT_GROUPS, groups("done", 2, 3), plan.chunk(1));

    assertThat(store.missingChunks(Tables.ROLLOUT_GROUPS, plan))
        .containsExactly(plan.chunk(0), plan.chunk(2));
    assertThatThrownBy(() -> store.requireDone(Tables.ROLLOUT_GROUPS, plan))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "stage rollout of run done, iteration 3, is not done: 2 of 3 chunks are missing in table rollout_groups (0, 2); make them with `rephrase rollout --iteration 3`, committed chunks are kept");
    assertThat(store.done(plan)).isFalse();
    // A later generation knows nothing of this one.
    assertThat(store.committed(Tables.ROLLOUT_GROUPS, new ChunkId("done", Stage.ROLLOUT, 3, 1, 1)))
        .isFalse();

    store.append(Tables.ROLLOUT_GROUPS, groups("done", 0, 1), plan.chunk(0));
    store.append(Tables.ROLLOUT_GROUPS, groups("done", 4, 5), plan.chunk(2));
    store.requireDone(Tables.ROLLOUT_GROUPS, plan);
    assertThat(store.done(plan)).isTrue();
  }

  @Test
  void notANumberSurvivesTheTable() {
    RecordCodec<Guidance> codec = warehouse.codec(Tables.GUIDANCE, Guidance.class);
    Guidance decision = Fixtures.guidance("nan", 0, 0, new double[] {1, Double.NaN});
    warehouse.controlTables().append(Tables.GUIDANCE, List.of(decision), "nan/guidance");

    Row row = warehouse.read(Tables.GUIDANCE).where("run_id = 'nan'").first();

    assertThat(codec.fromRow(row).rewards()).containsExactly(1, Double.NaN);
  }

  @Test
  void aCheckpointIsPublishedOnce() {
    ControlTables tables = warehouse.controlTables();
    Checkpoint checkpoint =
        new Checkpoint(
            "control",
            1,
            "/models/1",
            Optional.of(0),
            Optional.empty(),
            Instant.parse("2026-01-02T03:04:05.123456Z"),
            Map.of("model.safetensors", "ab"));

    assertThat(tables.publish(checkpoint)).isTrue();
    assertThat(tables.publish(checkpoint)).isFalse();

    assertThat(tables.checkpoints("control")).containsExactly(checkpoint);
    assertThat(tables.checkpoint("control", 2)).isEmpty();
    // Spark reads what Kernel wrote.
    assertThat(warehouse.read(Tables.CHECKPOINTS).where("run_id = 'control'").count()).isEqualTo(1);
  }

  @Test
  void decisionsAreCommittedOncePerPartition() {
    ControlTables tables = warehouse.controlTables();
    ChunkId chunk = new ChunkId("decided", Stage.GUIDANCE, 3, 0, 0);
    List<Guidance> decisions =
        List.of(Fixtures.guidance("decided", 3, 0), Fixtures.guidance("decided", 3, 1));

    assertThat(tables.append(Tables.GUIDANCE, decisions, chunk.transactionId())).isTrue();
    assertThat(tables.append(Tables.GUIDANCE, decisions, chunk.transactionId())).isFalse();
    assertThat(tables.append(Tables.GUIDANCE, List.of(), "decided/nothing")).isTrue();

    assertThat(warehouse.store().committed(Tables.GUIDANCE, chunk)).isTrue();
    assertThat(tables.committed(Tables.GUIDANCE, "decided/nothing")).isTrue();
    // Spark prunes by the partition that Kernel wrote.
    assertThat(
            warehouse.read(Tables.GUIDANCE).where("run_id = 'decided' AND iteration = 3").count())
        .isEqualTo(2);
    assertThatThrownBy(
            () ->
                tables.append(
                    Tables.GUIDANCE,
                    List.of(Fixtures.guidance("decided", 4, 0), Fixtures.guidance("decided", 5, 0)),
                    "decided/two"))
        .hasMessageContaining(
            "rows of table guidance are committed one partition at a time, got iteration = [4, 5]");
  }

  private static Dataset<Row> groups(String run, int from, int to) {
    RecordCodec<RolloutGroup> codec = warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    List<Row> rows = new ArrayList<>();
    for (int position = from; position <= to; position++) {
      rows.add(codec.toRow(Fixtures.group(run, 0, position, 1, 0, Double.NaN)));
    }
    return session.createDataset(rows, codec.encoder());
  }

  private static List<RolloutGroup> rows(String run) {
    RecordCodec<RolloutGroup> codec = warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    return warehouse
        .read(Tables.ROLLOUT_GROUPS)
        .where("run_id = '" + run + "'")
        .collectAsList()
        .stream()
        .map(codec::fromRow)
        .toList();
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.InputException;
import io.rephrase.TableException;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.RunStatus;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Fixtures;
import io.rephrase.jobs.table.IterationReader;
import io.rephrase.jobs.table.PositionStream;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.RunLock;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StagePlan;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
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
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintainJobIT {

  private static final Duration WEEK = Duration.ofDays(7);

  @TempDir static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.toString());
  }

  @Test
  void finishedPartitionsAreMergedAndStaySortedAndNothingElseChanges() {
    RunLog log = log("merged");
    log.began(RunStatus.STARTED, "{}", "44136f", Map.of());
    StagePlan first = chunks(log, 0, new int[][] {{4, 5}, {0, 1}, {2, 3}});
    chunks(log, 1, new int[][] {{0, 1}, {2, 3}});
    publish("merged", 1);
    long before = warehouse.version(Tables.ROLLOUT_GROUPS);

    List<String> planned = upkeep(false);
    assertThat(planned)
        .filteredOn(line -> line.contains("run_id=merged"))
        .singleElement()
        .asString()
        .startsWith("merge rollout_groups iteration=0 run_id=merged  3 files -> 1, ");
    assertThat(warehouse.version(Tables.ROLLOUT_GROUPS)).isEqualTo(before);

    assertThat(upkeep(true)).isEqualTo(planned);
    assertThat(warehouse.version(Tables.ROLLOUT_GROUPS)).isGreaterThan(before);
    assertThat(positions("merged", 0)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(positions("merged", 1)).containsExactly(0, 1, 2, 3);
    // The marks of the chunks are where they were, and the log of the run can be written to.
    assertThat(warehouse.store().missingChunks(Tables.ROLLOUT_GROUPS, first)).isEmpty();
    assertThat(planned).anyMatch(line -> line.startsWith("merge runs  "));
    log.note(RunStatus.FINISHED, "after the merge");
    assertThat(log("merged").events()).hasSize(4);
    assertThat(upkeep(false)).noneMatch(line -> line.contains("rollout_groups"));
  }

  @Test
  void filesOfNoVersionAreRemovedAfterAWeekAndNotBefore() throws IOException {
    Path old = stray("old.parquet", 8);
    Path recent = stray("recent.parquet", 6);

    assertThat(upkeep(false)).contains("vacuum guidance  1 files older than 7 days, 5 bytes");
    assertThat(old).exists();
    upkeep(true);

    assertThat(old).doesNotExist();
    assertThat(recent).exists();
    assertThatThrownBy(() -> MaintainJob.acting(warehouse, line -> {}).upkeep(Duration.ofDays(6)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retention must be at least 7 days, got 144 hours");
  }

  @Test
  void checkpointFoldersThatNothingNeedsAreRemovedUnlessADriverOwnsTheRun() throws IOException {
    log("saved").began(RunStatus.STARTED, "{}", "44136f", Map.of());
    publish("saved", 1);
    Path real = saved("saved", "1-real", true);
    Path twice = saved("saved", "1-twice", true);
    Path unfinished = saved("saved", "2-unfinished", false);
    Path awaitsItsRow = saved("saved", "2-whole", true);

    try (RunLock owned = RunLock.acquire(warehouse.root(), "saved")) {
      assertThat(upkeep(true))
          .anyMatch(line -> line.startsWith("leave run saved alone: run saved in "))
          .noneMatch(line -> line.contains("1-twice"));
    }
    assertThat(twice).exists();
    assertThat(upkeep(true))
        .filteredOn(line -> line.contains("/saved/"))
        .hasSize(2)
        .allMatch(line -> line.startsWith("remove checkpoint "))
        .anyMatch(line -> line.endsWith("1-twice  7 bytes"))
        .anyMatch(line -> line.endsWith("2-unfinished  5 bytes"));

    assertThat(twice).doesNotExist();
    assertThat(unfinished).doesNotExist();
    assertThat(real).exists();
    assertThat(awaitsItsRow).exists();
  }

  @Test
  void aDeletedRunLeavesNothingButItsNameTaken() throws IOException {
    for (String run : List.of("deleted", "other")) {
      RunLog log = log(run);
      log.began(RunStatus.STARTED, "{}", "44136f", Map.of());
      chunks(log, 0, new int[][] {{0, 1}, {2, 3}});
      publish(run, 1);
      saved(run, "1-real", true);
    }
    List<String> planned = new ArrayList<>();
    MaintainJob.pretending(warehouse, planned::add).delete("deleted");
    assertThat(planned)
        .containsExactly(
            "delete from rollout_groups  4 rows",
            "delete from checkpoints  1 rows",
            "remove checkpoints %s/_checkpoints/deleted  7 bytes".formatted(folder),
            "forget the events of run deleted");
    assertThat(log("deleted").events()).hasSize(2);

    List<String> done = new ArrayList<>();
    MaintainJob.acting(warehouse, done::add).delete("deleted");
    MaintainJob.acting(warehouse, line -> {}).delete("deleted");

    assertThat(done).isEqualTo(planned);
    assertThat(warehouse.read(Tables.ROLLOUT_GROUPS).where("run_id = 'deleted'").count()).isZero();
    assertThat(warehouse.read(Tables.ROLLOUT_GROUPS).where("run_id = 'other'").count())
        .isEqualTo(4);
    assertThat(folder.resolve("_checkpoints/deleted")).doesNotExist();
    assertThat(folder.resolve("_checkpoints/other/1-real")).exists();
    assertThat(TinyRuns.rows(warehouse, Tables.RUNS, "deleted", "status"))
        .containsExactly("[deleted]");
    assertThatThrownBy(() -> log("deleted"))
        .isInstanceOf(TableException.class)
        .hasMessageMatching(
            "run deleted was deleted at .* and its name stays taken; choose another run.name");
    assertThatThrownBy(() -> MaintainJob.acting(warehouse, line -> {}).delete("nobody"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--delete-run nobody: there is no such run");
  }

  private static List<String> upkeep(boolean acting) {
    List<String> lines = new ArrayList<>();
    MaintainJob job =
        acting
            ? MaintainJob.acting(warehouse, lines::add)
            : MaintainJob.pretending(warehouse, lines::add);
    job.upkeep(WEEK);
    return lines;
  }

  private static RunLog log(String run) {
    return RunLog.open(
        warehouse.controlTables(), new RunLog.Author(run, "test", "test"), Clock.systemUTC());
  }

  private static StagePlan chunks(RunLog log, int iteration, int[][] positions) {
    RecordCodec<RolloutGroup> codec = warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    StagePlan plan = log.plan(Stage.ROLLOUT, iteration, positions.length);
    for (int chunk = 0; chunk < positions.length; chunk++) {
      List<Row> rows =
          IntStream.of(positions[chunk])
              .mapToObj(at -> codec.toRow(Fixtures.group(log.runId(), iteration, at, 1, 0)))
              .toList();
      warehouse
          .store()
          .append(
              Tables.ROLLOUT_GROUPS,
              warehouse.session().createDataFrame(rows, codec.schema()).coalesce(1),
              plan.chunk(chunk));
    }
    return plan;
  }

  private static void publish(String run, int policyVersion) {
    String real = "%s/_checkpoints/%s/%d-real/".formatted(folder, run, policyVersion);
    warehouse
        .controlTables()
        .publish(
            new Checkpoint(
                run,
                policyVersion,
                real + "policy",
                Optional.of(policyVersion - 1),
                Optional.of(real + "optimizer"),
                Instant.now(),
                Map.of()));
  }

  private static List<Integer> positions(String run, int iteration) {
    List<Integer> positions = new ArrayList<>();
    try (PositionStream<RolloutGroup> groups =
        new IterationReader(warehouse)
            .open(
                Tables.ROLLOUT_GROUPS,
                RolloutGroup.class,
                new IterationReader.IterationKey(run, iteration),
                1000)) {
      while (groups.hasNext()) {
        positions.add(groups.next().position());
      }
    }
    return positions;
  }

  private static Path saved(String run, String name, boolean finished) throws IOException {
    Path made = folder.resolve("_checkpoints").resolve(run).resolve(name);
    Files.createDirectories(made.resolve("policy"));
    Files.writeString(made.resolve("policy/model.safetensors"), "bytes");
    if (finished) {
      Files.writeString(made.resolve("manifest.json"), "{}");
    }
    return made;
  }

  private static Path stray(String name, int days) throws IOException {
    Path file = Files.writeString(folder.resolve("guidance").resolve(name), "bytes");
    return Files.setLastModifiedTime(
        file, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
  }
}

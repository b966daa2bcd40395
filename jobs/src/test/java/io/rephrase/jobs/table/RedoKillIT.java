package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.tables.DeltaTable;
import io.rephrase.data.Guidance;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.RunStatus;
import io.rephrase.jobs.driver.Debugger;
import io.rephrase.jobs.driver.Stop;
import io.rephrase.jobs.spark.SparkTestSession;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code redo}, killed between two tables, and run again. */
class RedoKillIT {

  private static final SparkSession SESSION = SparkTestSession.get();
  private static final String RUN = "killed-redo";

  @TempDir Path folder;

  @Test
  void aRedoThatWasKilledContinues() throws Exception {
    Warehouse warehouse = Warehouse.open(SESSION, folder.toString());
    fill(warehouse, log(warehouse));
    try (Debugger debugger = Debugger.start(folder.resolve("output"), redo())) {
      // Later stages first: training_steps and guidance are done, teacher_scores is next.
      debugger.runTo(Stop.at(DeltaTable.class, "delete").call(3));
      debugger.driver().kill();
    }
    assertThat(warehouse.read(Tables.GUIDANCE).count()).isZero();
    assertThat(warehouse.read(Tables.ROLLOUT_GROUPS).count()).isEqualTo(1);
    RunLog resumed = log(warehouse);
    assertThatThrownBy(() -> resumed.plan(Stage.ROLLOUT, 0, 1))
        .hasMessageContaining("iteration 0, is not finished; run the same redo again");

    new Redo(warehouse, resumed, CommitFence.NONE).run(Stage.ROLLOUT, 0);

    assertThat(warehouse.read(Tables.ROLLOUT_GROUPS).count()).isZero();
    assertThat(resumed.events())
        .extracting(event -> event.status())
        .containsExactly(
            RunStatus.STARTED,
            RunStatus.PLANNED,
            RunStatus.PLANNED,
            RunStatus.REDO_STARTED,
            RunStatus.REDO_FINISHED);
    fill(warehouse, resumed);
    assertThat(warehouse.read(Tables.ROLLOUT_GROUPS).count()).isEqualTo(1);
  }

  private List<String> redo() {
    return List.of(
        "redo",
        "--warehouse",
        folder.toString(),
        "--run",
        RUN,
        "--iteration",
        "0",
        "--stage",
        "rollout");
  }

  private static RunLog log(Warehouse warehouse) {
    return RunLog.open(
        warehouse.controlTables(), new RunLog.Author(RUN, "iterate", "test"), Clock.systemUTC());
  }

  /** One group and the decision on it. */
  private static void fill(Warehouse warehouse, RunLog log) {
    if (log.first().isEmpty()) {
      log.began(RunStatus.STARTED, "{}", "44136f", Map.of());
    }
    RecordCodec<RolloutGroup> groups = warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    RecordCodec<Guidance> decisions = warehouse.codec(Tables.GUIDANCE, Guidance.class);
    warehouse
        .store()
        .append(
            Tables.ROLLOUT_GROUPS,
            SESSION.createDataset(
                List.of(groups.toRow(Fixtures.group(RUN, 0, 0, 1, 0))), groups.encoder()),
            log.plan(Stage.ROLLOUT, 0, 1).chunk(0));
    warehouse
        .store()
        .append(
            Tables.GUIDANCE,
            SESSION.createDataset(
                List.of(decisions.toRow(Fixtures.guidance(RUN, 0, 0))), decisions.encoder()),
            log.plan(Stage.GUIDANCE, 0, 1).chunk(0));
  }
}

package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.Guidance;
import io.rephrase.data.LaterVerdict;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.RunEvent;
import io.rephrase.data.RunStatus;
import io.rephrase.data.VerdictStatus;
import io.rephrase.jobs.spark.SparkTestSession;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogIT {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

  @TempDir static Path folder;
  private static SparkSession session;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    session = SparkTestSession.get();
    warehouse = Warehouse.open(session, folder.toString());
  }

  @Test
  void theFirstEventHoldsTheConfigurationAndAPlanIsStoredOnce() {
    RunLog log = log("first");
    log.began(RunStatus.STARTED, "{}", "44136f", Map.of("prompts", "7"));
    StagePlan plan = log.plan(Stage.ROLLOUT, 0, 3);

    RunLog again = log("first");

    assertThat(again.events()).extracting(RunEvent::sequence).containsExactly(0L, 1L);
    assertThat(again.first().orElseThrow().configJson()).contains("{}");
    assertThat(again.first().orElseThrow().inputs()).containsEntry("prompts", "7");
    assertThat(again.plan(Stage.ROLLOUT, 0, 3)).isEqualTo(plan);
    // A cluster that would cut it in 4 today keeps to the 3 that were stored.
    assertThat(again.plan(Stage.ROLLOUT, 0, 4)).isEqualTo(plan);
  }

  @Test
  void twoDriversCannotWriteTheSameEvent() {
    RunLog one = log("two");
    RunLog other = log("two");
    one.note(RunStatus.STARTED, "one");

    assertThatThrownBy(() -> other.note(RunStatus.STARTED, "other"))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("another driver wrote event 0 of run two");
  }

  @Test
  void aRedoDeletesFromItsStageDownwardAndStartsANewGeneration() {
    RunLog log = log("redo");
    fill(log, 0);
    fill(log, 1);

    new Redo(warehouse, log, CommitFence.NONE).run(Stage.GUIDANCE, 1);

    assertThat(count(Tables.ROLLOUT_GROUPS, "redo", 1)).isEqualTo(2);
    assertThat(count(Tables.GUIDANCE, "redo", 1)).isZero();
    assertThat(count(Tables.GUIDANCE, "redo", 0)).isEqualTo(2);
    assertThat(log.generation(Stage.ROLLOUT, 1)).isZero();
    assertThat(log.generation(Stage.GUIDANCE, 1)).isEqualTo(1);
    assertThat(log.generation(Stage.TRAIN, 1)).isEqualTo(1);
    // The new generation's chunks are not in the log, whatever the old one's are.
    fill(log, 1);
    assertThat(count(Tables.ROLLOUT_GROUPS, "redo", 1)).isEqualTo(2);
    assertThat(count(Tables.GUIDANCE, "redo", 1)).isEqualTo(2);
  }

  @Test
  void laterVerdictsOnRolloutsOutliveARedoOfTheRephrasingsAndTheirsDoNot() {
    Fixtures.write(
        warehouse,
        Tables.VERDICTS,
        List.of(verdict("rollout/0"), verdict("knowledge"), verdict("rephrasing/0")));
    RunLog log = log("verdicts");

    new Redo(warehouse, log, CommitFence.NONE).run(Stage.REPHRASE, 0);

    assertThat(
            warehouse
                .read(Tables.VERDICTS)
                .where("run_id = 'verdicts'")
                .select("target")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("rollout/0", "knowledge");

    new Redo(warehouse, log, CommitFence.NONE).run(Stage.ROLLOUT, 0);

    assertThat(count(Tables.VERDICTS, "verdicts", 0)).isZero();
  }

  private static LaterVerdict verdict(String target) {
    return new LaterVerdict(
        "verdicts",
        0,
        0,
        "sums",
        "p0",
        0,
        target,
        "llm-judge",
        "1",
        CLOCK.instant(),
        Optional.of(1.0),
        Optional.empty(),
        "judge-verdict",
        VerdictStatus.CORRECT,
        Optional.of("Verdict: correct"));
  }

  @Test
  void aRedoClosesTheChunksOfEveryRound() {
    RunLog log = log("rounds");
    log.planRound(Stage.ROLLOUT, 0, 8, 4);
    // Chunks 4 and 5.
    StageRound second = log.planRound(Stage.ROLLOUT, 0, 4, 2);

    new Redo(warehouse, log, CommitFence.NONE).run(Stage.ROLLOUT, 0);

    assertThat(warehouse.store().missing(Tables.ROLLOUT_GROUPS, second.chunkIds())).isEmpty();
  }

  @Test
  void aStageThatNoRunMakesByItselfCannotBeRedone() {
    Redo redo = new Redo(warehouse, log("graded"), CommitFence.NONE);

    assertThatThrownBy(() -> redo.run(Stage.GRADE, 0))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "stage grade cannot be redone, no run makes it by itself; stages that can: rollout, teacher, rephrase, guidance, train, evaluate");
  }

  @Test
  void aRedoThatWasKilledContinuesAndBlocksEverythingElse() {
    RunLog killed = log("killed");
    fill(killed, 0);
    killed.redo(RunStatus.REDO_STARTED, new StagePlan("killed", Stage.ROLLOUT, 0, 1, 0));

    RunLog resumed = log("killed");
    assertThatThrownBy(() -> resumed.plan(Stage.ROLLOUT, 0, 1))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "a redo of stage rollout of run killed, iteration 0, is not finished; run the same redo again");
    assertThatThrownBy(() -> new Redo(warehouse, resumed, CommitFence.NONE).run(Stage.GUIDANCE, 0))
        .hasMessageContaining("finish it before you order stage guidance");

    new Redo(warehouse, resumed, CommitFence.NONE).run(Stage.ROLLOUT, 0);

    assertThat(count(Tables.ROLLOUT_GROUPS, "killed", 0)).isZero();
    assertThat(resumed.plan(Stage.ROLLOUT, 0, 1).generation()).isEqualTo(1);
  }

  @Test
  void aRedoIsRefusedOnceAPolicyWasTrainedFromTheIteration() {
    RunLog log = log("trained");
    warehouse
        .controlTables()
        .publish(
            new Checkpoint(
                "trained",
                2,
                "/models/2",
                Optional.of(1),
                Optional.empty(),
                CLOCK.instant(),
                Map.of()));

    assertThatThrownBy(() -> new Redo(warehouse, log, CommitFence.NONE).run(Stage.ROLLOUT, 1))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "iteration 1 of run trained cannot be redone: policy 2, trained from it, exists at /models/2; start a new run instead");
    assertThatThrownBy(() -> new Redo(warehouse, log, CommitFence.NONE).run(Stage.INGEST, 0))
        .hasMessageContaining("stage ingest cannot be redone");
  }

  @Test
  void anEvaluationIsMadeAgainByItself() {
    RunLog log = log("evaluated");
    log.began(RunStatus.STARTED, "{}", "44136f", Map.of());
    fill(log, 1);

    new Redo(warehouse, log, CommitFence.NONE).run(Stage.EVALUATE, 1);

    assertThat(log.generation(Stage.EVALUATE, 1)).isEqualTo(1);
    assertThat(log.generation(Stage.ROLLOUT, 1)).isZero();
    assertThat(count(Tables.ROLLOUT_GROUPS, "evaluated", 1)).isEqualTo(2);
    // Nor does a redo of the iteration of the same number touch it.
    new Redo(warehouse, log, CommitFence.NONE).run(Stage.GUIDANCE, 1);
    assertThat(log.generation(Stage.EVALUATE, 1)).isEqualTo(1);
    assertThat(log.generation(Stage.GUIDANCE, 1)).isEqualTo(1);
  }

  @Test
  void laterStagesAreDeletedFirst() {
    assertThat(Redo.tablesFrom(Stage.REPHRASE))
        .containsSubsequence(Tables.GUIDANCE, Tables.REPHRASINGS)
        .doesNotContain(Tables.ROLLOUT_GROUPS, Tables.EVALUATIONS);
  }

  private static RunLog log(String run) {
    return RunLog.open(warehouse.controlTables(), new RunLog.Author(run, "train", "test"), CLOCK);
  }

  /** Two positions in each of rollout_groups and guidance. */
  private static void fill(RunLog log, int iteration) {
    RecordCodec<RolloutGroup> groups = warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    RecordCodec<Guidance> decisions = warehouse.codec(Tables.GUIDANCE, Guidance.class);
    List<Row> groupRows = new ArrayList<>();
    List<Row> decisionRows = new ArrayList<>();
    for (int position = 0; position < 2; position++) {
      groupRows.add(groups.toRow(Fixtures.group(log.runId(), iteration, position, 1, 0)));
      decisionRows.add(decisions.toRow(Fixtures.guidance(log.runId(), iteration, position)));
    }
    TableStore store = warehouse.store();
    store.append(
        Tables.ROLLOUT_GROUPS,
        session.createDataset(groupRows, groups.encoder()),
        log.plan(Stage.ROLLOUT, iteration, 1).chunk(0));
    store.append(
        Tables.GUIDANCE,
        session.createDataset(decisionRows, decisions.encoder()),
        log.plan(Stage.GUIDANCE, iteration, 1).chunk(0));
  }

  private static long count(Tables table, String run, int iteration) {
    return warehouse
        .read(table)
        .where("run_id = '" + run + "' AND iteration = " + iteration)
        .count();
  }
}

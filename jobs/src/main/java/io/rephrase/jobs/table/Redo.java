package io.rephrase.jobs.table;

import io.delta.tables.DeltaTable;
import io.rephrase.TableException;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order to make a stage of an iteration again, with every stage after it; or the evaluation of
 * a policy, from which nothing else is made. Their rows are deleted, later stages first, and later
 * commits belong to a new generation. Killed at any moment, the same order continues.
 */
public final class Redo {

  private static final Logger log = LoggerFactory.getLogger(Redo.class);

  /** The stages that a run has by itself: what can be made again. */
  private static final List<Stage> STAGES =
      List.of(
          Stage.ROLLOUT,
          Stage.TEACHER,
          Stage.REPHRASE,
          Stage.GUIDANCE,
          Stage.TRAIN,
          Stage.EVALUATE);

  private final Warehouse warehouse;
  private final TableStore store;
  private final RunLog runLog;
  private final CommitFence fence;

  /** {@code runLog} belongs to the run, which the caller owns and {@code fence} guards. */
  public Redo(Warehouse warehouse, RunLog runLog, CommitFence fence) {
    this.warehouse = warehouse;
    this.store = warehouse.store(fence);
    this.runLog = runLog;
    this.fence = fence;
  }

  /**
   * Deletes the rows of {@code stage} and of those after it in {@code iteration}.
   *
   * @param iteration from 0; the policy version where an evaluation is made again
   * @throws TableException if a policy trained in this iteration or later exists, which an
   *     evaluation does not mind, or another redo is unfinished
   */
  public void run(Stage stage, int iteration) {
    Optional<StagePlan> unfinished = runLog.unfinishedRedo();
    if (unfinished.isEmpty()) {
      requireRedoable(stage);
      if (stage != Stage.EVALUATE) {
        requireNoCheckpoint(iteration);
      }
      int generation = 0;
      for (Stage each : Stage.values()) {
        if (each.isRemadeBy(stage)) {
          generation = Math.max(generation, runLog.generation(each, iteration));
        }
      }
      StagePlan redo = new StagePlan(runLog.runId(), stage, iteration, generation + 1, 0);
      runLog.redo(RunStatus.REDO_STARTED, redo);
      finish(redo);
      return;
    }
    StagePlan redo = unfinished.get();
    if (redo.stage() != stage || redo.iteration() != iteration) {
      throw new TableException(
          "a redo of stage %s, iteration %d, of run %s is not finished; finish it before you order stage %s, iteration %d"
              .formatted(
                  redo.stage().label(),
                  redo.iteration(),
                  runLog.runId(),
                  stage.label(),
                  iteration));
    }
    finish(redo);
  }

  private void finish(StagePlan redo) {
    closeOlderGenerations(redo);
    for (Tables table : tablesFrom(redo.stage())) {
      fence.requireOwned();
      DeltaTable.forPath(warehouse.session(), warehouse.path(table))
          .delete(
              functions
                  .col("run_id")
                  .equalTo(redo.runId())
                  .and(functions.col(redo.stage().iterationColumn()).equalTo(redo.iteration())));
      log.info(
          "run={} iteration={} table={} rows_deleted=true",
          redo.runId(),
          redo.iteration(),
          table.label());
    }
    forgetVerdictsOnRephrasings(redo);
    runLog.redo(RunStatus.REDO_FINISHED, redo);
  }

  /** Those on rollouts stay where the rollouts do; other rephrasings have other verdicts. */
  private void forgetVerdictsOnRephrasings(StagePlan redo) {
    if (Stage.REPHRASE.isRemadeBy(redo.stage()) && !Stage.GRADE.isRemadeBy(redo.stage())) {
      fence.requireOwned();
      DeltaTable.forPath(warehouse.session(), warehouse.path(Tables.VERDICTS))
          .delete(
              functions
                  .col("run_id")
                  .equalTo(redo.runId())
                  .and(functions.col("iteration").equalTo(redo.iteration()))
                  .and(functions.col("target").startsWith("rephrasing/")));
    }
  }

  /**
   * A driver that lost the run in the midst of a chunk may come back and commit it: under an id
   * that is taken it cannot.
   */
  private void closeOlderGenerations(StagePlan redo) {
    for (StagePlan plan : runLog.plans()) {
      if (plan.iteration() == redo.iteration()
          && plan.generation() < redo.generation()
          && plan.stage().isRemadeBy(redo.stage())
          && plan.stage() != Stage.TRAIN) {
        for (Tables table : plan.stage().tables()) {
          store.close(table, plan);
        }
      }
    }
  }

  /** What {@code stage} and those after it write, later stages first. */
  static List<Tables> tablesFrom(Stage stage) {
    List<Tables> tables = new ArrayList<>();
    for (Stage each : Stage.values()) {
      if (each.isRemadeBy(stage)) {
        tables.addAll(0, each.tables());
      }
    }
    return tables;
  }

  /** The stages that can be redone, for people. */
  public static String labels() {
    return STAGES.stream().map(Stage::label).collect(Collectors.joining(", "));
  }

  private static void requireRedoable(Stage stage) {
    if (!STAGES.contains(stage)) {
      throw new TableException(
          "stage %s cannot be redone, no run makes it by itself; stages that can: %s"
              .formatted(stage.label(), labels()));
    }
  }

  private void requireNoCheckpoint(int iteration) {
    for (Checkpoint checkpoint : warehouse.controlTables().checkpoints(runLog.runId())) {
      if (checkpoint.policyVersion() > iteration) {
        throw new TableException(
            "iteration %d of run %s cannot be redone: policy %d, trained from it, exists at %s; start a new run instead"
                .formatted(
                    iteration, runLog.runId(), checkpoint.policyVersion(), checkpoint.path()));
      }
    }
  }
}

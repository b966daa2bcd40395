package io.rephrase.jobs;

import io.rephrase.config.ConfigLoader;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import org.apache.spark.sql.Row;

/** Runs on the arena that take seconds: 6 prompts of 1 to 6 steps, 3 rollouts each. */
final class TinyRuns {

  private static final List<String> WORDS =
      List.of(
          "run.iterations=2",
          "rollout.promptsPerIteration=6",
          "rollout.groupSize=3",
          "rollout.maxTokens=24",
          "rephrase.maxTokens=24",
          "rephrase.policy=current",
          "train.stepsPerIteration=1",
          "evaluate.benchmarks.arena.limitPerDifficulty=1",
          "spark.chunkPrompts=4");

  private TinyRuns() {}

  static ResolvedConfig config(Warehouse warehouse, String run, String... more) {
    return new ConfigLoader()
        .preset("arena")
        .words(WORDS)
        .words(List.of(more))
        .value("run.name", run, "test")
        .value("run.warehouse", warehouse.root(), "test")
        .load();
  }

  static JobCall call(Warehouse warehouse, String run, String... more) {
    return JobCall.of(
        config(warehouse, run, more),
        "test",
        Progress.silent(),
        new PrintWriter(Writer.nullWriter()));
  }

  /** What stands in the columns of a run's rows, in order of all of them. */
  static List<String> rows(Warehouse warehouse, Tables table, String run, String... columns) {
    return warehouse
        .read(table)
        .where("run_id = '" + run + "'")
        .selectExpr(columns)
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }
}

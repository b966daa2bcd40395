package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.config.ConfigLoader;
import io.rephrase.jobs.driver.Debugger;
import io.rephrase.jobs.driver.Stop;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dynamic sampling that is ended with SIGKILL before a round is stored, between that and its first
 * chunk, and amid its chunks draws the same prompts in the same rounds as one that was left alone.
 */
class RoundsKillIT {

  private static final Path ARENA = Path.of("..", "conf", "arena.conf");
  private static final List<String> WORDS =
      List.of(
          "algorithm.preset=dapo",
          "run.iterations=1",
          "rollout.promptsPerIteration=8",
          "rollout.groupSize=6",
          "rollout.temperature=1.5",
          "evaluate.benchmarks.arena.difficulties=[1]",
          "evaluate.benchmarks.arena.limitPerDifficulty=1",
          "spark.chunkPrompts=4");

  @TempDir Path folder;
  private int starts;

  @Test
  void killedBetweenAndAmidRoundsDrawsAsOneThatWasLeftAlone() throws Exception {
    Path killed = folder.resolve("killed");
    killAt(killed, Stop.at(RunLog.class, "planRound").call(2));
    assertThat(planned(killed)).hasSize(1);
    killAt(killed, Stop.at(RunLog.class, "planRound"), Stop.at(RolloutJob.class, "make"));
    assertThat(planned(killed)).hasSize(2);
    // The second round has eight prompts in two chunks: one is there.
    killAt(killed, Stop.at(RolloutJob.class, "make").call(2));
    assertThat(rows(killed, "SELECT count(*) FROM rollout_groups")).containsExactly("[12]");
    run(killed);
    Path alone = folder.resolve("alone");
    run(alone);
    for (String query : comparisons()) {
      assertThat(rows(killed, query)).as(query).isEqualTo(rows(alone, query)).isNotEmpty();
    }
    assertThat(planned(killed)).isEqualTo(planned(alone));
  }

  private static List<String> comparisons() {
    return List.of(
        "SELECT prompt_id, round, position, kept, rollouts.seed, rollouts.token_ids,"
            + " rollouts.log_probs, rollouts.reward FROM rollout_groups ORDER BY position",
        "SELECT prompt_id, round, position, advantages FROM guidance ORDER BY position",
        "SELECT step, loss, gradient_norm, completion_tokens FROM training_steps",
        "SELECT sha256['model.safetensors'] FROM checkpoints ORDER BY policy_version");
  }

  private static List<String> planned(Path warehouse) {
    return rows(
        warehouse,
        "SELECT prompts, chunks FROM runs WHERE status = 'planned' AND stage = 'rollout'"
            + " ORDER BY sequence");
  }

  private static List<String> rows(Path warehouse, String query) {
    Warehouse.open(SparkTestSession.get(), warehouse.toString()).registerViews();
    return SparkTestSession.get().sql(query).collectAsList().stream().map(Row::toString).toList();
  }

  private static void run(Path warehouse) {
    JobCall call =
        JobCall.of(
            new ConfigLoader()
                .file(ARENA)
                .words(WORDS)
                .value("run.warehouse", warehouse.toString(), "test")
                .load(),
            "test",
            Progress.silent(),
            new PrintWriter(Writer.nullWriter()));
    Jobs.ITERATE.run(Warehouse.open(SparkTestSession.get(), warehouse.toString()), call);
  }

  private void killAt(Path warehouse, Stop... stops) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("iterate", "--config", ARENA.toString()));
    arguments.addAll(List.of("--warehouse", warehouse.toString(), "spark.master=local[2]"));
    arguments.addAll(WORDS);
    Path log = folder.resolve("driver-%d.log".formatted(starts++));
    try (Debugger debugger = Debugger.start(log, arguments)) {
      debugger.runTo(stops);
      debugger.driver().kill();
    }
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.jobs.driver.Debugger;
import io.rephrase.jobs.driver.Stop;
import io.rephrase.jobs.table.RunLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dynamic sampling that is ended with SIGKILL before a round is stored, between that and its first
 * chunk, and amid its chunks draws the same prompts in the same rounds as one that was left alone.
 */
class RoundsKillIT {

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

  private static final String PLANNED =
      "SELECT prompts, chunks FROM runs WHERE status = 'planned' AND stage = 'rollout'"
          + " ORDER BY sequence";

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
    assertThat(ArenaRuns.rows(killed, "SELECT count(*) FROM rollout_groups"))
        .containsExactly("[12]");
    ArenaRuns.iterate(killed, WORDS);
    Path alone = folder.resolve("alone");
    ArenaRuns.iterate(alone, WORDS);
    Map<String, List<String>> undisturbed = ArenaRuns.rows(alone, comparisons());
    ArenaRuns.rows(killed, comparisons())
        .forEach(
            (query, rows) ->
                assertThat(rows).as(query).isEqualTo(undisturbed.get(query)).isNotEmpty());
  }

  private static List<String> comparisons() {
    return List.of(
        "SELECT prompt_id, round, position, kept, rollouts.seed, rollouts.token_ids,"
            + " rollouts.log_probs, rollouts.reward FROM rollout_groups ORDER BY position",
        "SELECT prompt_id, round, position, advantages FROM guidance ORDER BY position",
        "SELECT step, loss, gradient_norm, completion_tokens FROM training_steps",
        "SELECT sha256['model.safetensors'] FROM checkpoints ORDER BY policy_version",
        PLANNED);
  }

  private static List<String> planned(Path warehouse) {
    return ArenaRuns.rows(warehouse, PLANNED);
  }

  private void killAt(Path warehouse, Stop... stops) throws Exception {
    Path log = folder.resolve("driver-%d.log".formatted(starts++));
    try (Debugger debugger = Debugger.start(log, ArenaRuns.arguments(warehouse, WORDS))) {
      debugger.runTo(stops);
      debugger.driver().kill();
    }
  }
}

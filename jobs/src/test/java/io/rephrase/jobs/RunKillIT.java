package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.Folders;
import io.rephrase.TableException;
import io.rephrase.jobs.driver.Debugger;
import io.rephrase.jobs.driver.Stop;
import io.rephrase.jobs.spark.ExecutorEngines;
import io.rephrase.jobs.table.ControlTables;
import io.rephrase.jobs.table.LocalLogStore;
import io.rephrase.training.PolicyTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on the arena that is ended at eleven exact places, eight times with SIGKILL and three times
 * with Ctrl-C, each start going on where the last was ended, leaves the same tables and the same
 * weights as a run that was left alone. A debugger halts the driver at the place, so that every end
 * is known to have hit it.
 */
class RunKillIT {

  private static final List<String> WORDS =
      List.of(
          "run.iterations=2",
          "rephrase.policy=current",
          "rollout.promptsPerIteration=12",
          "rollout.groupSize=4",
          "evaluate.benchmarks.arena.limitPerDifficulty=2",
          "spark.chunkPrompts=4");

  /** A few on a machine of its own; many beside other work. */
  private static final long STOPPED_SECONDS = 120;

  /** While the fifth token of a batch of answers is sampled. */
  private static final Stop FIFTH_TOKEN =
      Stop.at("io.rephrase.generation.ContinuousBatch", "step").call(5);

  @TempDir Path folder;
  private Path killed;
  private int starts;

  @Test
  void killedAndResumedRunEqualsOneThatWasLeftAlone() throws Exception {
    killed = folder.resolve("killed");
    endInEvaluation();
    endInRollout();
    endInRephrase();
    endBetweenGuidanceAndTraining();
    endInTraining();
    endAfterTraining();
    ArenaRuns.iterate(killed, WORDS);
    Path alone = folder.resolve("alone");
    ExecutorEngines.Counts before = ExecutorEngines.counts();
    ArenaRuns.iterate(alone, WORDS);
    ExecutorEngines.Counts after = ExecutorEngines.counts();
    // One engine; policies 1 and 2 came from the trainer's memory, to the killed run from files.
    assertThat(after.loads() - before.loads()).isEqualTo(1);
    assertThat(after.handOvers() - before.handOvers()).isEqualTo(2);
    Map<String, List<String>> undisturbed = ArenaRuns.rows(alone, comparisons());
    ArenaRuns.rows(killed, comparisons())
        .forEach(
            (query, rows) ->
                assertThat(rows).as(query).isEqualTo(undisturbed.get(query)).isNotEmpty());
  }

  private void endInEvaluation() throws Exception {
    killAt(Stop.at(EvaluateJob.class, "make"), FIFTH_TOKEN);
    assertThat(dataFiles("evaluations")).isZero();
  }

  private void endInRollout() throws Exception {
    // In the second of three chunks.
    interruptAt(Stop.at(RolloutJob.class, "make").call(2), FIFTH_TOKEN);
    long committed = commits("rollout_groups");
    assertThat(committed).isBetween(1L, 2L);
    // In mid-write of the next chunk: its data file is there, its commit is not.
    killAt(commitTo("rollout_groups"));
    assertThat(dataFiles("rollout_groups")).isGreaterThan(committed);
    assertThat(commits("rollout_groups")).isEqualTo(committed);
  }

  private void endInRephrase() throws Exception {
    killAt(Stop.at(RephraseJob.class, "make").call(2), FIFTH_TOKEN);
    assertThat(commits("rephrasings")).isEqualTo(1);
  }

  private void endBetweenGuidanceAndTraining() throws Exception {
    try (Debugger debugger = Debugger.start(log(), ArenaRuns.arguments(killed, WORDS))) {
      debugger.runTo(Stop.at(TrainJob.class, "run"));
      // While it stands there the run is its own.
      assertThatThrownBy(() -> ArenaRuns.iterate(killed, WORDS))
          .isInstanceOf(TableException.class)
          .hasMessageContaining(
              "run arena in %s belongs to another driver (pid %d on"
                  .formatted(killed, debugger.driver().process().pid()));
      debugger.driver().kill();
    }
    assertThat(commits("guidance")).isEqualTo(1);
  }

  private void endInTraining() throws Exception {
    // Two of four optimizer steps are made.
    killAt(Stop.at(PolicyTrainer.class, "countSkipped").call(2));
    assertThat(folders(1)).isEmpty();
    // Weights and optimizer are written, the manifest is not.
    killAt(Stop.at(Folders.class, "writeDurably").with("manifest.json"));
    assertThat(folders(1)).singleElement().satisfies(f -> assertThat(manifest(f)).doesNotExist());
    // The folder is whole, the rows of training_steps are not there.
    killAt(Stop.at(ControlTables.class, "append").with("TRAINING_STEPS"));
    assertThat(folders(1)).hasSize(2).filteredOn(f -> Files.exists(manifest(f))).hasSize(1);
    assertThat(commits("training_steps")).isZero();
    // The rows are there, the checkpoint is not.
    killAt(Stop.at(ControlTables.class, "publish"));
    assertThat(commits("training_steps")).isEqualTo(1);
    assertThat(commits("checkpoints")).isEqualTo(1);
    // What was saved was taken up, not made again.
    assertThat(folders(1)).hasSize(2);
  }

  private void endAfterTraining() throws Exception {
    interruptAt(commitTo("evaluations"));
    assertThat(commits("checkpoints")).isEqualTo(2);
    // In the second iteration, after the first of four optimizer steps.
    interruptAt(Stop.at(PolicyTrainer.class, "countSkipped"));
  }

  private void killAt(Stop... stops) throws Exception {
    try (Debugger debugger = Debugger.start(log(), ArenaRuns.arguments(killed, WORDS))) {
      debugger.runTo(stops);
      debugger.driver().kill();
    }
  }

  private void interruptAt(Stop... stops) throws Exception {
    try (Debugger debugger = Debugger.start(log(), ArenaRuns.arguments(killed, WORDS))) {
      debugger.runTo(stops);
      debugger.driver().interrupt();
      debugger.resume();
      Process process = debugger.driver().process();
      assertThat(process.waitFor(STOPPED_SECONDS, TimeUnit.SECONDS)).as("it stopped").isTrue();
      assertThat(process.exitValue()).as(debugger.driver().printed()).isEqualTo(130);
      assertThat(debugger.driver().printed())
          .containsOnlyOnce("rephrase: stopped; run the same command again to resume")
          .doesNotContain("\tat ");
    }
  }

  /** Each start prints to a file of its own. */
  private Path log() {
    return folder.resolve("driver-" + ++starts + ".log");
  }

  /** Data files of a table's chunk are written, and Delta is about to write the commit. */
  private static Stop commitTo(String table) {
    return Stop.at(LocalLogStore.class, "write").with(table + "/_delta_log");
  }

  /** Commits of rows: the first version only makes the table. */
  private long commits(String table) throws IOException {
    try (Stream<Path> log = Files.list(killed.resolve(table).resolve("_delta_log"))) {
      return log.filter(file -> file.toString().matches(".*/\\d{20}\\.json")).count() - 1;
    }
  }

  private long dataFiles(String table) throws IOException {
    try (Stream<Path> files = Files.walk(killed.resolve(table))) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .filter(file -> !file.toString().contains("_delta_log"))
          .count();
    }
  }

  private List<Path> folders(int policyVersion) throws IOException {
    Path parent = killed.resolve("_checkpoints").resolve("arena");
    try (Stream<Path> folders = Files.list(parent)) {
      return folders
          .filter(f -> f.getFileName().toString().startsWith(policyVersion + "-"))
          .toList();
    }
  }

  private static Path manifest(Path folder) {
    return folder.resolve("manifest.json");
  }

  private static List<String> comparisons() {
    return List.of(
        "SELECT iteration, dataset, prompt_id, round, position, prompt_token_ids,"
            + " rollouts.seed, rollouts.token_ids, rollouts.log_probs, rollouts.reward"
            + " FROM rollout_groups ORDER BY iteration, position",
        "SELECT iteration, prompt_id, attempt, seed, accepted, reject_reason, token_ids,"
            + " log_probs_under_q, log_probs_under_pqk FROM rephrasings"
            + " ORDER BY iteration, position, attempt",
        "SELECT iteration, prompt_id, hard, source, substituted_index, reason, rewards_after,"
            + " advantages FROM guidance ORDER BY iteration, position",
        "SELECT iteration, step, loss, gradient_norm, entropy, completion_tokens"
            + " FROM training_steps ORDER BY step",
        "SELECT policy_version, benchmark, prompt_id, sample_index, reward, text"
            + " FROM evaluations ORDER BY policy_version, position, sample_index",
        "SELECT policy_version, parent, sha256['model.safetensors'] FROM checkpoints"
            + " ORDER BY policy_version");
  }
}

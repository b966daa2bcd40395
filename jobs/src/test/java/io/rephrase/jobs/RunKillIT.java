package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.cli.Main;
import io.rephrase.config.ConfigLoader;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.spark.ExecutorEngines;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on the arena whose process is ended with SIGKILL in one stage after the other, and resumed,
 * leaves the same tables and the same weights as a run that was left alone.
 */
class RunKillIT {

  private static final Path ARENA = Path.of("..", "conf", "arena.conf");

  @TempDir Path folder;

  @Test
  void killedAndResumedRunEqualsOneThatWasLeftAlone() throws Exception {
    Path killed = folder.resolve("killed");
    // Each word ends a line of progress; what follows it is killed in its midst.
    assertThat(killAfter(killed, "evaluate policy 0:", 0)).isTrue();
    assertThat(killAfter(killed, "iteration 1/2 rollout:", 150)).isTrue();
    assertThat(killAfter(killed, "iteration 1/2 guidance:", 400)).isTrue();
    assertThat(killAfter(killed, "iteration 1/2 train:", 30)).isTrue();
    run(killed);
    Path alone = folder.resolve("alone");
    ExecutorEngines.Counts before = ExecutorEngines.counts();
    run(alone);
    ExecutorEngines.Counts after = ExecutorEngines.counts();
    // One engine; policies 1 and 2 came from the trainer's memory, to the killed run from files.
    assertThat(after.loads() - before.loads()).isEqualTo(1);
    assertThat(after.handOvers() - before.handOvers()).isEqualTo(2);
    for (String query : comparisons()) {
      assertThat(rows(killed, query)).as(query).isEqualTo(rows(alone, query)).isNotEmpty();
    }
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

  private static List<String> rows(Path warehouse, String query) {
    Warehouse.open(SparkTestSession.get(), warehouse.toString()).registerViews();
    return SparkTestSession.get().sql(query).collectAsList().stream().map(Row::toString).toList();
  }

  private static List<String> words() {
    return List.of(
        "run.iterations=2",
        "rollout.promptsPerIteration=12",
        "rollout.groupSize=4",
        "evaluate.benchmarks.arena.limitPerDifficulty=2",
        "spark.chunkPrompts=4");
  }

  private static void run(Path warehouse) {
    ResolvedConfig resolved =
        new ConfigLoader()
            .file(ARENA)
            .words(words())
            .value("run.warehouse", warehouse.toString(), "test")
            .load();
    JobCall call =
        JobCall.of(resolved, "test", Progress.silent(), new PrintWriter(Writer.nullWriter()));
    new IterateJob(Warehouse.open(SparkTestSession.get(), warehouse.toString()), call).run();
  }

  /** Whether the process lived to print {@code line} and was killed a moment later. */
  private boolean killAfter(Path warehouse, String line, long millis) throws Exception {
    Process driver = start(warehouse);
    try (BufferedReader out = driver.inputReader(StandardCharsets.UTF_8)) {
      for (String next = out.readLine(); next != null; next = out.readLine()) {
        if (next.startsWith(line)) {
          Thread.sleep(millis);
          return driver.isAlive();
        }
      }
      return false;
    } finally {
      driver.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  private Process start(Path warehouse) throws IOException {
    Stream<String> options =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(o -> o.startsWith("--add-opens") || o.startsWith("-Djdk.reflect"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options.toList());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-Duser.timezone=UTC",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "iterate", "--config", ARENA.toString()));
    command.addAll(List.of("--warehouse", warehouse.toString(), "spark.master=local[2]"));
    command.addAll(words());
    Files.createDirectories(folder);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("DJL_OFFLINE", "true");
    return builder.start();
  }
}

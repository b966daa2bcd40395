package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import io.rephrase.jobs.spark.SparkTestSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver is ended with SIGKILL in the middle of a stage, twice; another takes the run up. */
class KillIT {

  private static final long DEADLINE_MILLIS = 120_000;

  @TempDir Path folder;

  @Test
  void everyRowIsThereOnceAfterDriversWereKilledBetweenAndInCommits() throws Exception {
    Path progress = folder.resolve("progress");
    // The second driver is killed while two chunks are in flight after the first commits.
    killAfter(1, progress, true);
    killAfter(4, progress, false);

    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), folder.toString());
    StagePlan plan = new StagePlan(KilledWriter.RUN, Stage.ROLLOUT, 0, 0, KilledWriter.CHUNKS);
    List<ChunkId> missing = warehouse.store().missingChunks(Tables.ROLLOUT_GROUPS, plan);
    assertThat(missing).isNotEmpty().hasSizeLessThanOrEqualTo(KilledWriter.CHUNKS - 4);
    // The lock of a killed driver is free at once.
    RunLock.acquire(folder.toString(), KilledWriter.RUN).close();
    KilledWriter.commit(warehouse, plan, progress);

    warehouse.store().requireDone(Tables.ROLLOUT_GROUPS, plan);
    // 8 chunks x 50 rows, positions 0 to 399.
    assertThat(
            warehouse
                .read(Tables.ROLLOUT_GROUPS)
                .selectExpr(
                    "count(*)", "count(DISTINCT position)", "min(position)", "max(position)")
                .first())
        .isEqualTo(RowFactory.create(400L, 400L, 0, 399));
  }

  private void killAfter(int commits, Path progress, boolean checkLock) throws Exception {
    Process driver = start(progress);
    try {
      waitFor(driver, progress, commits);
      if (checkLock) {
        assertThatThrownBy(() -> RunLock.acquire(folder.toString(), KilledWriter.RUN))
            .isInstanceOf(TableException.class)
            .hasMessageContaining("belongs to another driver (pid " + driver.pid());
      }
    } finally {
      driver.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
  }

  private static void waitFor(Process driver, Path progress, int commits)
      throws IOException, InterruptedException {
    long deadline = System.currentTimeMillis() + DEADLINE_MILLIS;
    while (committed(progress) < commits) {
      assertThat(driver.isAlive()).as("the driver ended before it could be killed").isTrue();
      assertThat(System.currentTimeMillis()).as("no progress in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private static long committed(Path progress) throws IOException {
    return Files.exists(progress)
        ? Files.readAllLines(progress).stream().filter(l -> l.startsWith("committed")).count()
        : 0;
  }

  private Process start(Path progress) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-opens") || option.startsWith("-Djdk.reflect")) {
        command.add(option);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(KilledWriter.class.getName(), folder.toString(), progress.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("driver.log").toFile())
        .start();
  }
}

package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import io.rephrase.jobs.driver.DriverProcess;
import io.rephrase.jobs.spark.SparkTestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver is ended or paused in the middle of a stage; another takes the run up. */
class KillIT {

  private static final long DEADLINE_MILLIS = 1_200_000;

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
    KilledWriter.commit(warehouse, CommitFence.NONE, progress);

    warehouse.store().requireDone(Tables.ROLLOUT_GROUPS, plan);
    assertAllRowsOnce(warehouse);
  }

  @Test
  void aPausedDriverWhoseRunWasTakenOverCommitsNothingMore() throws Exception {
    Path progress = folder.resolve("progress");
    String root = "shared:" + folder;
    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), root);
    try (DriverProcess paused = start(root, progress)) {
      waitFor(paused, progress, 1);
      paused.pause();
      assertThatThrownBy(() -> RunOwnership.acquire(warehouse, KilledWriter.RUN, TakeOver.NEVER))
          .isInstanceOf(TableException.class)
          .hasMessageContaining("belongs to another driver (pid " + paused.process().pid())
          .hasMessageContaining("--take-over");
      try (RunOwnership mine =
          RunOwnership.acquire(warehouse, KilledWriter.RUN, TakeOver.ORDERED)) {
        assertThat(mine.takenFrom().orElseThrow())
            .startsWith("pid " + paused.process().pid() + " on ");
        paused.wake();

        assertThat(paused.process().waitFor()).isEqualTo(2);
        assertThat(Files.readString(progress))
            .contains("refused: run killed in " + root + " was taken over by another driver (pid ")
            .contains("(pid " + ProcessHandle.current().pid() + " on ");
        // The loser has not given free what was not its own any more.
        mine.requireOwned();
        KilledWriter.commit(warehouse, mine, progress);
      }
    }
    assertAllRowsOnce(warehouse);
  }

  @Test
  void ctrlCGivesALeaseFree() throws Exception {
    Path progress = folder.resolve("progress");
    String root = "shared:" + folder;
    try (DriverProcess driver = start(root, progress)) {
      waitFor(driver, progress, 1);
      driver.interrupt();
      assertThat(driver.process().waitFor()).isEqualTo(130);
    }
    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), root);
    try (RunOwnership mine = RunOwnership.acquire(warehouse, KilledWriter.RUN, TakeOver.NEVER)) {
      assertThat(mine.takenFrom()).isEmpty();
      KilledWriter.commit(warehouse, mine, progress);
    }
    assertAllRowsOnce(warehouse);
  }

  // 8 chunks x 50 rows, positions 0 to 399.
  private static void assertAllRowsOnce(Warehouse warehouse) {
    assertThat(
            warehouse
                .read(Tables.ROLLOUT_GROUPS)
                .selectExpr(
                    "count(*)", "count(DISTINCT position)", "min(position)", "max(position)")
                .first())
        .isEqualTo(RowFactory.create(400L, 400L, 0, 399));
  }

  private void killAfter(int commits, Path progress, boolean checkLock) throws Exception {
    try (DriverProcess driver = start(folder.toString(), progress)) {
      waitFor(driver, progress, commits);
      if (checkLock) {
        assertThatThrownBy(() -> RunLock.acquire(folder.toString(), KilledWriter.RUN))
            .isInstanceOf(TableException.class)
            .hasMessageContaining("belongs to another driver (pid " + driver.process().pid());
      }
    }
  }

  private static void waitFor(DriverProcess driver, Path progress, int commits)
      throws IOException, InterruptedException {
    long deadline = System.currentTimeMillis() + DEADLINE_MILLIS;
    while (committed(progress) < commits) {
      assertThat(driver.process().isAlive()).as(driver.printed()).isTrue();
      assertThat(System.currentTimeMillis()).as("no progress in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private static long committed(Path progress) throws IOException {
    return Files.exists(progress)
        ? Files.readAllLines(progress).stream().filter(l -> l.startsWith("committed")).count()
        : 0;
  }

  private DriverProcess start(String root, Path progress) throws IOException {
    return DriverProcess.start(
        KilledWriter.class,
        folder.resolve("driver.log"),
        List.of(),
        List.of(root, progress.toString()));
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rephrase.cli.Main;
import io.rephrase.jobs.driver.DriverProcess;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose disk, a mounted one of a few megabytes, is full in the midst. */
class FullDiskIT {

  private static final List<String> WORDS =
      List.of(
          "run.iterations=1",
          "rollout.promptsPerIteration=12",
          "rollout.groupSize=4",
          "evaluate.benchmarks.arena.limitPerDifficulty=1");

  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", disk.toString()) == 0,
        "skipped: mounting a small disk needs root");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  @Test
  void aFullDiskIsTheUsersToFreeAndNothingIsLost() throws Exception {
    Path warehouse = disk.resolve("warehouse");
    // 5 MB hold the tables and policy 0, of 1.3 MB, and not policy 1 with its two moments.
    try (DriverProcess driver =
        DriverProcess.start(
            Main.class,
            folder.resolve("output"),
            List.of(),
            ArenaRuns.arguments(warehouse, WORDS))) {
      assertThat(driver.process().waitFor()).as(driver.printed()).isEqualTo(2);
      assertThat(driver.printed())
          .endsWith(
              "rephrase: the disk is full; free some space and run the same command again to resume\n")
          .doesNotContain("\tat ");
    }
    SparkSession session = SparkTestSession.get();
    assertThatThrownBy(() -> ArenaRuns.iterate(warehouse, WORDS))
        .hasStackTraceContaining("No space left on device");
    assertThat(run("mount", "-o", "remount,size=64m", disk.toString())).isZero();

    ArenaRuns.iterate(warehouse, WORDS);

    Warehouse.open(session, warehouse.toString()).registerViews();
    assertThat(
            session
                .sql(
                    "SELECT (SELECT count(DISTINCT position) FROM rollout_groups), (SELECT count(*) FROM rollout_groups), (SELECT count(*) FROM guidance), (SELECT count(*) FROM training_steps), (SELECT count(*) FROM checkpoints)")
                .first())
        .isEqualTo(RowFactory.create(12L, 12L, 12L, 4L, 2L));
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException notThere) {
      return -1;
    }
  }
}

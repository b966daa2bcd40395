package io.rephrase.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application jar under {@code SparkSubmit} in local mode, with the jars of Spark alone on the
 * class path and Delta and libtorch given along.
 */
class SparkSubmitIT {

  @TempDir Path folder;

  @BeforeEach
  void theApplicationIsBuilt() {
    assumeTrue(
        Files.exists(SparkApplication.JAR), "target/rephrase-app.jar is not built: run mvn verify");
  }

  @Test
  void theApplicationFindsDeltaAndItsNativeLibraryBesideIt() throws Exception {
    assertThat(local().run(300, "doctor", "--warehouse", folder.toString()).output())
        .contains("libtorch 2.7.1")
        .contains("All is well.");
  }

  @Test
  void anIterationRunsInLocalModeAndItsMemoryIsSaidFirst() throws Exception {
    Path warehouse = folder.resolve("warehouse");
    SparkApplication.Ended ended =
        local()
            .run(
                600,
                "iterate",
                "--config",
                Path.of("..", "conf", "arena.conf").toString(),
                "--warehouse",
                warehouse.toString(),
                "run.iterations=1",
                "rollout.promptsPerIteration=4",
                "rollout.groupSize=4",
                "evaluate.benchmarks.arena.limitPerDifficulty=1");
    assertThat(ended.output())
        .containsSubsequence(
            "memory outside the heap: trainer",
            "evaluate policy 0",
            "iteration 1/1 rollout",
            "iteration 1/1 train",
            "evaluate policy 1");
    assertThat(ended.exitCode()).isZero();
    assertThat(warehouse.resolve("_checkpoints").resolve("arena")).isNotEmptyDirectory();
  }

  private static SparkApplication local() throws Exception {
    return SparkApplication.in("local", "local[2]").withOurJarsAlong();
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.rephrase.RephraseException;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.RunEvent;
import io.rephrase.data.RunStatus;
import io.rephrase.data.StepMetrics;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.training.TrainingDivergedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose learning rate of 1e19 makes every forward after the first step overflow. */
class DivergenceIT {

  @TempDir static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.toString());
  }

  @Test
  void threeSkippedStepsInARowStopTheRunWithTheLastGoodPolicyIntact() throws Exception {
    JobCall diverging = call("diverging", "1e19", 4);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> new IterateJob(warehouse, diverging).run())
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageStartingWith(
              "3 optimizer steps in a row had a loss or gradient that is not finite, the last at step 3;")
          .hasMessageContaining("lower train.learningRate or train.maxGradientNorm in a new run");
    }
    List<RunEvent> events = warehouse.controlTables().events("diverging");
    assertThat(events.get(events.size() - 1).status()).isEqualTo(RunStatus.FAILED);
    assertThat(events.get(events.size() - 1).message().orElseThrow())
        .startsWith("3 optimizer steps in a row");
    assertThat(warehouse.controlTables().trainingSteps("diverging")).isEmpty();
    assertThat(warehouse.controlTables().checkpoints("diverging"))
        .extracting(Checkpoint::policyVersion)
        .containsExactly(0);
    // Nothing of policy 1 was saved.
    try (Stream<Path> saved = Files.list(folder.resolve("_checkpoints").resolve("diverging"))) {
      assertThat(saved).allMatch(path -> path.getFileName().toString().startsWith("0-"));
    }

    new IterateJob(warehouse, call("tamed", "1e-4", 4)).run();

    assertThat(warehouse.controlTables().checkpoints("tamed"))
        .extracting(Checkpoint::policyVersion)
        .containsExactly(0, 1);
  }

  @Test
  void skippedStepsAreCountedInTheTables() {
    // Two in a row are one too few to stop the training; what it made is not worth evaluating.
    Throwable later =
        catchThrowable(() -> new IterateJob(warehouse, call("skips", "1e19", 3)).run());
    if (later != null) {
      assertThat(later).isInstanceOf(RephraseException.class);
    }

    assertThat(warehouse.controlTables().trainingSteps("skips"))
        .extracting(StepMetrics::skipped)
        .containsExactly(false, true, true);
    assertThat(warehouse.read(Tables.TRAINING_STEPS).where("run_id = 'skips' AND skipped").count())
        .isEqualTo(2);
  }

  private static JobCall call(String run, String learningRate, int steps) {
    return TinyRuns.call(
        warehouse,
        run,
        "run.iterations=1",
        "train.stepsPerIteration=" + steps,
        "train.learningRate=" + learningRate,
        // Long enough to end, so that groups teach; the penalty lets those without variance count.
        "rollout.promptsPerIteration=12",
        "rollout.groupSize=4",
        "rollout.maxTokens=72",
        "rephrase.maxTokens=72",
        "algorithm.normalizer=all",
        "algorithm.kl.coefficient=0.01");
  }
}

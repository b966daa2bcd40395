package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run does not depend on where its warehouse is. */
class WarehousePlacesIT {

  @TempDir Path folder;

  @Test
  void aRunGoesOnWhereItsWarehouseWasMovedAndGivesTheSameOnAnotherFileSystem() throws IOException {
    Warehouse first = open(folder.resolve("first").toString());
    iterate(first, 1);
    Path moved = folder.resolve("moved");
    Files.move(folder.resolve("first"), moved);
    Warehouse second = open(moved.toString());
    iterate(second, 2);
    Warehouse far = open("shared:" + folder.resolve("far"));
    iterate(far, 2);

    for (Path checkpoints : List.of(moved, folder.resolve("far"))) {
      assertThat(folders(checkpoints.resolve("_checkpoints/places"), "policy"))
          .containsExactly("0", "1", "2");
      assertThat(folders(checkpoints.resolve("_checkpoints/places"), "optimizer"))
          .containsExactly("2");
    }
    assertThat(policies(second)).hasSize(3).isEqualTo(policies(far));
    assertThat(TinyRuns.rows(second, Tables.CHECKPOINTS, "places", "path"))
        .allMatch(path -> path.startsWith("[_checkpoints/places/"));
    assertThat(TinyRuns.rows(far, Tables.ROLLOUT_GROUPS, "places", "prompt_id", "rollouts.text"))
        .isEqualTo(
            TinyRuns.rows(second, Tables.ROLLOUT_GROUPS, "places", "prompt_id", "rollouts.text"))
        .hasSize(12);
  }

  private static Warehouse open(String root) {
    return Warehouse.open(SparkTestSession.get(), root);
  }

  private static void iterate(Warehouse warehouse, int iterations) {
    Jobs.ITERATE.run(
        warehouse,
        TinyRuns.call(
            warehouse, "places", "run.iterations=" + iterations, "train.keptOptimizers=1"));
  }

  /** Versions of the policies whose folder has one of that name. */
  private static List<String> folders(Path checkpoints, String name) throws IOException {
    try (Stream<Path> policies = Files.list(checkpoints)) {
      return policies
          .filter(policy -> Files.isDirectory(policy.resolve(name)))
          .map(policy -> policy.getFileName().toString().replaceFirst("-.*", ""))
          .sorted()
          .toList();
    }
  }

  private static List<String> policies(Warehouse warehouse) {
    return TinyRuns.rows(
        warehouse, Tables.CHECKPOINTS, "places", "policy_version", "sha256['model.safetensors']");
  }
}

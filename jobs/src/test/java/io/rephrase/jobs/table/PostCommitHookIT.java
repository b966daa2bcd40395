package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.data.Lease;
import io.rephrase.jobs.spark.SparkTestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of Delta's log, which the writer of control tables makes as the table asks for. */
class PostCommitHookIT {

  private static final String CHECKPOINT = ".checkpoint";
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;

  @AfterEach
  void acceptAgain() {
    SharedFileSystem.refuseNothing();
  }

  @Test
  void aCheckpointOfTheLogIsMadeAndWhereItCannotBeNothingIsLost() throws IOException {
    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), "shared:" + folder);
    // After every 10 commits: version 0 made the table, versions 1 to 10 are sequences 0 to 9.
    SharedFileSystem.refuse(CHECKPOINT);
    append(warehouse, 0, 10);
    assertThat(checkpoints()).isEmpty();
    SharedFileSystem.refuseNothing();
    assertThat(sequences(warehouse)).hasSize(10);

    append(warehouse, 10, 20);

    assertThat(checkpoints()).containsExactly("00000000000000000020.checkpoint.parquet");
    append(warehouse, 20, 21);
    assertThat(sequences(warehouse))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 21).boxed().toList());
    assertThat(warehouse.read(Tables.LEASES).count()).isEqualTo(21);
  }

  private static void append(Warehouse warehouse, int from, int to) {
    for (int sequence = from; sequence < to; sequence++) {
      Lease lease = new Lease("hooked", sequence, 0, "test", false, AT, AT);
      assertThat(
              warehouse
                  .controlTables()
                  .append(Tables.LEASES, List.of(lease), "hooked/lease/" + sequence))
          .isTrue();
    }
  }

  private static List<Long> sequences(Warehouse warehouse) {
    return warehouse.controlTables().read(Tables.LEASES, Lease.class, "hooked").stream()
        .map(Lease::sequence)
        .toList();
  }

  private List<String> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("leases").resolve("_delta_log"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains(CHECKPOINT) && name.endsWith(".parquet"))
          .toList();
    }
  }
}

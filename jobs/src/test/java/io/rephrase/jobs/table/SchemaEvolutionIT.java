package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import io.rephrase.data.RunEvent;
import io.rephrase.jobs.spark.SparkTestSession;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Warehouses that an older version of {@code data-schemas} made. */
class SchemaEvolutionIT {

  private static final SparkSession SESSION = SparkTestSession.get();

  @TempDir Path folder;

  @Test
  void columnsThatMayBeNullAreAddedWhereTheyAreDeclared() {
    // A column and a field of a struct in tables of Spark's, a column in one of Kernel's.
    OlderTables.make(folder, Tables.REPHRASINGS, "  rule ");
    OlderTables.make(folder, Tables.ROLLOUT_GROUPS, "    latency_ms: ");
    OlderTables.make(folder, Tables.RUNS, "  generation ");
    SESSION.sql(
        "INSERT INTO delta.`%s/runs` (run_id, sequence, status, at, command, code_version, inputs) VALUES ('old', 0L, 'started', TIMESTAMP '2026-01-02 03:04:05', 'iterate', '0', map('prompts', '1'))"
            .formatted(folder));

    Warehouse warehouse = Warehouse.open(SESSION, folder.toString());

    for (Tables table : List.of(Tables.REPHRASINGS, Tables.ROLLOUT_GROUPS, Tables.RUNS)) {
      assertThat(warehouse.read(table).schema().sql())
          .isEqualTo(warehouse.definition(table).schema().sql());
    }
    RunLog log =
        RunLog.open(
            warehouse.controlTables(), new RunLog.Author("old", "iterate", "1"), Clock.systemUTC());
    assertThat(log.events()).extracting(RunEvent::generation).containsExactly(Optional.empty());
    log.plan(Stage.ROLLOUT, 0, 3);
    assertThat(warehouse.controlTables().events("old"))
        .extracting(RunEvent::generation)
        .containsExactly(Optional.empty(), Optional.of(0));
  }

  @Test
  void anythingElseIsRefusedNamingTheDifference() {
    OlderTables.make(folder, Tables.GUIDANCE, "  rewarded_rollouts ");

    assertThatThrownBy(() -> Warehouse.open(SESSION, folder.toString()))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "warehouse %s is not what this version declares: table guidance: column rewarded_rollouts is missing; use the version that wrote it, or another folder; only columns that may be NULL are added to what is there"
                .formatted(folder));
  }
}

package io.rephrase.jobs.table;

import io.rephrase.jobs.spark.SparkTestSession;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Tables as an older version of {@code data-schemas} made them. */
final class OlderTables {

  private OlderTables() {}

  /** Makes a table from its declaration without the lines that begin so. */
  static void make(Path warehouse, Tables table, String... beginnings) {
    String sql =
        TableDefinition.resource(table.label() + ".sql")
            .lines()
            .filter(line -> Arrays.stream(beginnings).noneMatch(line::startsWith))
            .collect(Collectors.joining("\n"));
    SparkTestSession.get()
        .sql(
            sql.replaceFirst(
                    "CREATE TABLE \\w+",
                    "CREATE TABLE delta.`%s/%s`".formatted(warehouse, table.label()))
                .replaceFirst(";$", ""));
  }
}

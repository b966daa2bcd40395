package io.rephrase.jobs.table;

import io.delta.kernel.Snapshot;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table of a warehouse beside its declaration. */
final class DeclaredTable {

  private static final Logger log = LoggerFactory.getLogger(DeclaredTable.class);

  private final Warehouse warehouse;
  private final TableDefinition definition;
  private final KernelTable kernel;

  DeclaredTable(Warehouse warehouse, TableDefinition definition) {
    this.warehouse = warehouse;
    this.definition = definition;
    this.kernel = warehouse.kernel(definition.table());
  }

  /**
   * Creates the table if it is missing, and adds the columns that were declared since it was made.
   *
   * @return what it differs in even so
   */
  List<String> bringUpToDate() {
    Snapshot snapshot = withAddedColumns(kernel.snapshot().orElseGet(this::created));
    return differences(snapshot, snapshot.getSchema());
  }

  /** What it would differ in once it had the columns that {@link MissingColumns} fills in. */
  List<String> differencesForReaders(Snapshot snapshot) {
    StructType found = snapshot.getSchema();
    return differences(
        snapshot,
        lacking(snapshot).isEmpty()
            ? found
            : KernelSchemas.completed(KernelSchemas.of(definition.schema()), found));
  }

  private List<String> differences(Snapshot snapshot, StructType found) {
    List<String> differences =
        new ArrayList<>(KernelSchemas.differences(KernelSchemas.of(definition.schema()), found));
    if (!definition.partitionColumns().equals(snapshot.getPartitionColumnNames())) {
      differences.add(
          "partitioned by %s, declared %s"
              .formatted(snapshot.getPartitionColumnNames(), definition.partitionColumns()));
    }
    compareProperties(snapshot.getMetadata().getConfiguration(), differences);
    String table = definition.table().label();
    return differences.stream().map(one -> "table " + table + ": " + one).toList();
  }

  private void compareProperties(Map<String, String> found, List<String> differences) {
    definition
        .properties()
        .forEach(
            (key, value) -> {
              if (!value.equals(found.get(key))) {
                differences.add(
                    "property %s is %s, declared %s".formatted(key, found.get(key), value));
              }
            });
  }

  private Snapshot created() {
    new TableCreation(kernel, warehouse.hadoopConfiguration(), path()).create(definition);
    return existing();
  }

  private Snapshot withAddedColumns(Snapshot snapshot) {
    List<String> added = lacking(snapshot);
    if (added.isEmpty()) {
      return snapshot;
    }
    String statement =
        "ALTER TABLE delta.`%s` ADD COLUMNS (%s)".formatted(path(), String.join(", ", added));
    try {
      warehouse.session().sql(statement);
      log.warn("table={} columns_added={}", definition.table().label(), added);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare.
      if (!lacking(existing()).isEmpty()) {
        throw e;
      }
      log.info("table={} columns_added_by_another_process={}", definition.table().label(), added);
    }
    return existing();
  }

  private List<String> lacking(Snapshot snapshot) {
    return AddedColumns.between(definition.schema(), snapshot.getSchema());
  }

  private Snapshot existing() {
    return kernel
        .snapshot()
        .orElseThrow(
            () -> new IllegalStateException("table " + path() + " was created and is not there"));
  }

  private String path() {
    return warehouse.path(definition.table());
  }
}

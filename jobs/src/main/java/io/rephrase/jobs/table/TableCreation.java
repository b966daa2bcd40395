package io.rephrase.jobs.table;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import io.rephrase.TableException;
import java.time.Duration;
import java.util.Map;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a table of a warehouse, beside other processes that may be making the same. */
final class TableCreation {

  private static final Logger log = LoggerFactory.getLogger(TableCreation.class);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 100;

  private final SparkSession session;
  private final KernelTable kernel;
  private final String path;

  TableCreation(SparkSession session, KernelTable kernel, String path) {
    this.session = session;
    this.kernel = kernel;
    this.path = path;
  }

  /**
   * Returns when the table is there, whoever made it.
   *
   * @throws TableException if its folder holds something else
   */
  void create(TableDefinition definition) {
    if (definition.table().control()) {
      kernel.create(definition);
      return;
    }
    try {
      createWithSpark(definition);
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare.
      if (!overtaken(e)) {
        throw e;
      }
      log.info("table={} created_by_another_process=true", definition.table().label());
      awaitOther(e);
    }
  }

  private void createWithSpark(TableDefinition definition) {
    DeltaTableBuilder builder =
        DeltaTable.createIfNotExists(session)
            .location(path)
            .comment(definition.comment())
            .addColumns(definition.schema());
    if (!definition.partitionColumns().isEmpty()) {
      builder = builder.partitionedBy(definition.partitionColumns().toArray(String[]::new));
    }
    for (Map.Entry<String, String> property : definition.properties().entrySet()) {
      builder = builder.property(property.getKey(), property.getValue());
    }
    builder.execute();
  }

  // Delta takes all that is declared: where it refuses, the folder changed under its hands.
  private static boolean overtaken(Exception e) {
    return e instanceof SparkThrowable told
        && String.valueOf(told.getCondition()).startsWith("DELTA_");
  }

  private void awaitOther(Exception refusal) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (kernel.snapshot().isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new TableException(
            "folder %s holds files and no table: they are something else's, or the process that was making the table was killed; move the folder away, and run the command again"
                .formatted(path),
            refusal);
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TableException("interrupted while another process makes table " + path, e);
      }
    }
  }
}

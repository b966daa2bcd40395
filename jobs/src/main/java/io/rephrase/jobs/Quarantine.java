package io.rephrase.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.lit;

import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.DatasetCommits;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Where the records of one data set go that cannot be used, each once however often it is read. */
final class Quarantine {

  private static final String[] KEY = {"source", "line", "dataset", "content_hash"};

  private final Warehouse warehouse;
  private final String dataset;
  private final DatasetCommits commits;

  Quarantine(Warehouse warehouse, String dataset) {
    this.warehouse = warehouse;
    this.dataset = dataset;
    this.commits = new DatasetCommits(warehouse, Tables.QUARANTINE, dataset);
  }

  /** Adds those of {@code bad} that are not there. */
  void add(String runId, Dataset<Row> bad) {
    boolean stored = false;
    while (!stored) {
      ChunkId next = commits.next();
      // Kept, so that the commit itself reads nothing of the table: it would conflict with the
      // commits of other data sets.
      Dataset<Row> fresh = unknown(bad).persist(StorageLevel.MEMORY_AND_DISK());
      try {
        stored =
            fresh.isEmpty()
                || commits.append(
                    fresh.withColumn("run_id", lit(runId)).withColumn("at", current_timestamp()),
                    next);
      } finally {
        fresh.unpersist();
      }
    }
  }

  private Dataset<Row> unknown(Dataset<Row> bad) {
    Dataset<Row> known =
        warehouse.read(Tables.QUARANTINE).where(col("dataset").equalTo(dataset)).selectExpr(KEY);
    return bad.join(known, KEY, "left_anti");
  }
}

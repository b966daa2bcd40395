package io.rephrase.jobs.table;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Commits to one data set of a table, for writers that decide from what the table holds what they
 * add. The commits of a data set are numbered: of all who have read what there was before a commit,
 * one makes it, and the others have to read and decide again. Other data sets are never in the way.
 * Thread-safe.
 */
public final class DatasetCommits {

  private final Warehouse warehouse;
  private final TableStore store;
  private final Tables table;
  private final String dataset;

  /** Of a table that has a column {@code dataset}. */
  public DatasetCommits(Warehouse warehouse, Tables table, String dataset) {
    this(warehouse, warehouse.store(), table, dataset);
  }

  DatasetCommits(Warehouse warehouse, TableStore store, Tables table, String dataset) {
    this.warehouse = warehouse;
    this.store = store;
    this.table = table;
    this.dataset = dataset;
  }

  /** The first commit that nobody has made. Ask before reading what decides on its rows. */
  public ChunkId next() {
    int number = 0;
    while (store.committed(table, commit(number))) {
      number++;
    }
    return commit(number);
  }

  /** Whether the table, which is partitioned by data set, holds a row of it. */
  public boolean present() {
    return new PartitionReader(warehouse).any(table, Map.of("dataset", dataset));
  }

  /**
   * Makes the commit {@code next}, of rows of this data set.
   *
   * @return whether this call made it; where not, nothing is written: another writer may have added
   *     the same since {@link #next}
   */
  public boolean append(Dataset<Row> rows, ChunkId next) {
    return store.append(table, rows, next);
  }

  /**
   * Fills the data set unless it is there, be it by another writer of the same moment.
   *
   * @param fill makes the commit it is given, or returns empty where {@link #append} did not; it is
   *     asked again then, as long as the data set is not there
   * @return what {@code fill} returned; empty where the data set is there
   */
  public <T> Optional<T> ifAbsent(Function<ChunkId, Optional<T>> fill) {
    Optional<T> filled = Optional.empty();
    while (filled.isEmpty()) {
      ChunkId next = next();
      if (present()) {
        return Optional.empty();
      }
      filled = fill.apply(next);
    }
    return filled;
  }

  private ChunkId commit(int number) {
    return new ChunkId(dataset, Stage.INGEST, 0, 0, number);
  }
}

package io.rephrase.jobs.table;

import static org.apache.spark.sql.functions.col;

import io.delta.tables.DeltaTable;
import java.util.Optional;
import java.util.UUID;
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

  /** How many commits of others may come while the log is asked for ours. */
  private static final int MEANWHILE = 20;

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

  /** Whether the table holds a row of the data set. */
  public boolean present() {
    return !warehouse.read(table).where(col("dataset").equalTo(dataset)).limit(1).isEmpty();
  }

  /**
   * Makes the commit {@code next}, of rows of this data set.
   *
   * @return whether this call made it; where not, nothing is written: another writer may have added
   *     the same since {@link #next}
   */
  public boolean append(Dataset<Row> rows, ChunkId next) {
    String mark = next.transactionId() + " " + UUID.randomUUID();
    long before = warehouse.version(table);
    return store.append(table, rows, next, mark) && inLog(mark, before);
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

  // Delta skips without a word what another writer committed just before it looked. A mark that so
  // many commits follow that it is not found costs another reading, never a row.
  private boolean inLog(String mark, long before) {
    int since = Math.toIntExact(warehouse.version(table) - before);
    return !DeltaTable.forPath(warehouse.session(), warehouse.path(table))
        .history(since + MEANWHILE)
        .where(col("userMetadata").equalTo(mark))
        .isEmpty();
  }
}

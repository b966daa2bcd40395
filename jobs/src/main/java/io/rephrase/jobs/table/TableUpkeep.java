package io.rephrase.jobs.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.tables.DeltaTable;
import io.rephrase.TableException;
import io.rephrase.data.RunStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What keeps tables small and quick: merging files, removing files that no version within the
 * retention needs, deleting a run's rows. Rows are the same afterwards, and in the same order where
 * files are sorted by position.
 */
public final class TableUpkeep {

  /** Files that no version of this age needs are never removed earlier. */
  public static final Duration LEAST_RETENTION = Duration.ofDays(7);

  private static final String POSITION = "position";
  private static final String RUN = "run_id";
  private static final long FILE_BYTES = 256L << 20;

  private final Warehouse warehouse;

  public TableUpkeep(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /**
   * A partition of a table, or an unpartitioned table.
   *
   * @param table it belongs to
   * @param values of its partition columns
   * @param files data files
   * @param bytes of them together
   */
  public record Partition(Tables table, Map<String, String> values, int files, long bytes) {
    public Partition {
      values = Map.copyOf(values);
    }

    /** Its place, for people. */
    public String name() {
      return values.isEmpty()
          ? table.label()
          : table.label()
              + new TreeMap<>(values)
                  .entrySet().stream()
                      .map(value -> " " + value.getKey() + "=" + value.getValue())
                      .collect(Collectors.joining());
    }

    /** How many files it would do with. */
    public int filesNeeded() {
      return (int) Math.max(1, (bytes + FILE_BYTES - 1) / FILE_BYTES);
    }
  }

  /**
   * Files that may go.
   *
   * @param files how many
   * @param bytes of them together
   */
  public record Removable(int files, long bytes) {}

  /** The partitions of a table that are in more files than they need. */
  public List<Partition> fragmented(Tables table) {
    if (warehouse.lacks(table)) {
      return List.of();
    }
    Map<Map<String, String>, List<Long>> sizes = new LinkedHashMap<>();
    KernelTable kernel = warehouse.kernel(table);
    Snapshot snapshot =
        kernel.snapshot().orElseThrow(() -> new TableException("no table at " + path(table)));
    Scan scan = snapshot.getScanBuilder().build();
    try {
      for (ScanFile file : ScanFile.list(kernel.engine(), scan, Map.of())) {
        sizes
            .computeIfAbsent(
                InternalScanFileUtils.getPartitionValues(file.file()), key -> new ArrayList<>())
            .add(InternalScanFileUtils.getAddFileStatus(file.file()).getSize());
      }
    } catch (IOException e) {
      throw new TableException("cannot list the files of " + path(table), e);
    }
    return sizes.entrySet().stream()
        .map(
            entry ->
                new Partition(
                    table,
                    entry.getKey(),
                    entry.getValue().size(),
                    entry.getValue().stream().mapToLong(Long::longValue).sum()))
        .filter(partition -> partition.files() > partition.filesNeeded())
        .toList();
  }

  /**
   * Rewrites a partition that nobody writes to in as few files as it needs. Delta's own OPTIMIZE
   * would do, but it appends file to file, and readers rely on files sorted by position.
   */
  public void merge(Partition partition) {
    String path = path(partition.table());
    boolean sorted =
        List.of(warehouse.definition(partition.table()).schema().fieldNames()).contains(POSITION);
    if (!sorted) {
      optimize(partition, path);
      return;
    }
    Column here =
        partition.values().entrySet().stream()
            .map(value -> col(value.getKey()).cast("string").equalTo(lit(value.getValue())))
            .reduce(Column::and)
            .orElse(lit(true));
    Dataset<Row> rows = session().read().format("delta").load(path).where(here);
    Dataset<Row> dealt =
        partition.filesNeeded() == 1
            ? rows.coalesce(1)
            : rows.repartitionByRange(partition.filesNeeded(), col(POSITION));
    dealt
        .sortWithinPartitions(POSITION)
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", condition(partition))
        .option("dataChange", "false")
        .save(path);
  }

  private void optimize(Partition partition, String path) {
    DeltaTable table = DeltaTable.forPath(session(), path);
    if (partition.values().isEmpty()) {
      table.optimize().executeCompaction();
    } else {
      table.optimize().where(condition(partition)).executeCompaction();
    }
  }

  private static String condition(Partition partition) {
    return new TreeMap<>(partition.values())
        .entrySet().stream()
            .map(value -> value.getKey() + " = '" + value.getValue().replace("'", "\\'") + "'")
            .collect(Collectors.joining(" AND "));
  }

  /**
   * Files in a table's folder that no version younger than {@code retention} needs.
   *
   * @throws IllegalArgumentException if the retention is under {@link #LEAST_RETENTION}: a run that
   *     is under way still reads what it planned with
   */
  public Removable removable(Tables table, Duration retention) {
    requireLongEnough(retention);
    if (warehouse.lacks(table) || !maybeRemovable(table, retention)) {
      return new Removable(0, 0);
    }
    Configuration configuration = warehouse.hadoopConfiguration();
    int files = 0;
    long bytes = 0;
    for (Row row : vacuum(table, retention, " DRY RUN").collectAsList()) {
      Path file = new Path(row.getString(0));
      try {
        FileStatus status = file.getFileSystem(configuration).getFileStatus(file);
        if (status.isFile()) {
          files++;
          bytes += status.getLen();
        }
      } catch (IOException e) {
        throw new TableException("cannot look at " + file, e);
      }
    }
    return new Removable(files, bytes);
  }

  /** Whether any file is old enough and not of the newest version; a listing, no Spark job. */
  private boolean maybeRemovable(Tables table, Duration retention) {
    Path folder = new Path(path(table));
    long oldest = System.currentTimeMillis() - retention.toMillis();
    Set<String> current =
        warehouse.kernel(table).filesAt(warehouse.version(table)).stream()
            .flatMap(List::stream)
            .map(file -> new Path(file).getName())
            .collect(Collectors.toSet());
    try {
      RemoteIterator<LocatedFileStatus> files =
          folder.getFileSystem(warehouse.hadoopConfiguration()).listFiles(folder, true);
      while (files.hasNext()) {
        LocatedFileStatus file = files.next();
        if (file.getModificationTime() < oldest
            && !file.getPath().toString().contains("/_delta_log/")
            && !current.contains(file.getPath().getName())) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new TableException("cannot list " + folder, e);
    }
  }

  /** Removes them. */
  public void remove(Tables table, Duration retention) {
    requireLongEnough(retention);
    vacuum(table, retention, "");
  }

  private static void requireLongEnough(Duration retention) {
    if (retention.compareTo(LEAST_RETENTION) < 0) {
      throw new IllegalArgumentException(
          "retention must be at least 7 days, got %d hours".formatted(retention.toHours()));
    }
  }

  private Dataset<Row> vacuum(Tables table, Duration retention, String dryRun) {
    return session()
        .sql(
            "VACUUM delta.`%s` RETAIN %d HOURS%s"
                .formatted(path(table), retention.toHours(), dryRun));
  }

  /** How many rows of a run a table holds. */
  public long rows(Tables table, String runId) {
    return warehouse.read(table).where(col(RUN).equalTo(runId)).count();
  }

  /** Deletes a run's rows of a table; of {@code runs} all but the event that it was deleted. */
  public void deleteRows(Tables table, String runId) {
    Column ofRun = col(RUN).equalTo(runId);
    Column gone =
        table == Tables.RUNS ? ofRun.and(col("status").notEqual(RunStatus.DELETED.label())) : ofRun;
    DeltaTable.forPath(session(), path(table)).delete(gone);
  }

  private String path(Tables table) {
    return warehouse.path(table);
  }

  private SparkSession session() {
    return warehouse.session();
  }
}

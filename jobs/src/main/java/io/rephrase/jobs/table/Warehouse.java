package io.rephrase.jobs.table;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.StructType;
import io.rephrase.TableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of all tables, at any Hadoop path. Opening it creates the tables that are missing, as
 * {@code data-schemas} declares them, adds columns that were declared later and may be NULL, and
 * refuses tables that are different otherwise. Thread-safe, as far as the session is.
 */
public final class Warehouse {

  private static final Logger log = LoggerFactory.getLogger(Warehouse.class);
  private static final String BATCH_ROWS = "spark.sql.parquet.columnarReaderBatchSize";
  private static final int MAX_BATCH_ROWS = 4096;

  /** How many times a group's row is larger decoded than in Parquet, at most. */
  private static final long PACKED = 3;

  private final SparkSession session;
  private final String root;
  private final Engine engine;
  private final Map<Tables, TableDefinition> definitions = new EnumMap<>(Tables.class);

  private Warehouse(SparkSession session, String root) {
    this.session = session;
    this.root = root;
    this.engine = DefaultEngine.create(hadoopConfiguration());
    for (Tables table : Tables.values()) {
      definitions.put(table, TableDefinition.of(table));
    }
  }

  /**
   * Opens the warehouse at {@code root}.
   *
   * @throws TableException if a table there is not what is declared; the message names every
   *     difference of every table
   */
  public static Warehouse open(SparkSession session, String root) {
    Warehouse warehouse = new Warehouse(session, withoutTrailingSlash(root));
    List<String> differences = new ArrayList<>();
    for (TableDefinition definition : warehouse.definitions.values()) {
      warehouse.createOrCompare(definition, differences);
    }
    if (!differences.isEmpty()) {
      throw new TableException(
          "warehouse %s is not what this version declares: %s; use the version that wrote it, or another folder; only columns that may be NULL are added to what is there"
              .formatted(root, String.join("; ", differences)));
    }
    return warehouse;
  }

  public SparkSession session() {
    return session;
  }

  /** The folder, without a slash at the end. */
  public String root() {
    return root;
  }

  public String path(Tables table) {
    return root + "/" + table.label();
  }

  /** The folder of the runs' checkpoint folders. */
  public String checkpointsRoot() {
    return root + "/_checkpoints";
  }

  /** The folder of what servers answered for chunks that are not committed yet. */
  public String journalRoot() {
    return root + "/_journal";
  }

  /** The folder as one of this machine, if it is. */
  public Optional<Path> localRoot() {
    return new WarehousePaths(root).local();
  }

  /** All rows of a table as it is now. */
  public Dataset<Row> read(Tables table) {
    return session.read().format("delta").load(path(table));
  }

  /** The number of a table's newest version. */
  public long version(Tables table) {
    return kernel(table)
        .snapshot()
        .orElseThrow(() -> new TableException("no table at " + path(table) + "; was it deleted?"))
        .getVersion();
  }

  /**
   * All rows of a table as it was at {@code version}.
   *
   * @throws TableException if what that version consisted of is no longer there
   */
  public Dataset<Row> readAt(Tables table, long version) {
    requireFiles(table, version);
    return session
        .read()
        .format("delta")
        .option("versionAsOf", Long.toString(version))
        .load(path(table));
  }

  private void requireFiles(Tables table, long version) {
    if (version == version(table)) {
      return;
    }
    Optional<List<String>> files = kernel(table).filesAt(version);
    if (files.isEmpty() || !files.get().stream().allMatch(this::exists)) {
      throw new TableException(
          "version %d of table %s in %s is no longer there: its log or its files were vacuumed, and a run reads on at the version it began with; restore them from a backup, or start another run.name"
              .formatted(version, table.label(), root));
    }
  }

  private boolean exists(String file) {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file);
    try {
      return path.getFileSystem(hadoopConfiguration()).exists(path);
    } catch (IOException e) {
      throw new TableException("cannot look for " + file, e);
    }
  }

  /** The codec between a table's rows and its record. */
  public <T extends Record> RecordCodec<T> codec(Tables table, Class<T> type) {
    return RecordCodec.of(type, definition(table).schema());
  }

  /** A codec of those columns of a table that {@code type} has components for. */
  public <T extends Record> RecordCodec<T> prunedCodec(Tables table, Class<T> type) {
    return RecordCodec.pruned(type, definition(table).schema());
  }

  /** The control tables for readers, and for writers that belong to no run. */
  public ControlTables controlTables() {
    return controlTables(CommitFence.NONE);
  }

  /** The control tables for a driver, whose commits {@code fence} lets pass. */
  public ControlTables controlTables(CommitFence fence) {
    return new ControlTables(engine, root, fence);
  }

  /** The other tables for readers, and for writers that belong to no run. */
  public TableStore store() {
    return store(CommitFence.NONE);
  }

  /** The other tables for a driver, whose commits {@code fence} lets pass. */
  public TableStore store(CommitFence fence) {
    return new TableStore(this, fence);
  }

  /** Makes Spark decode as many rows at once as fit in memory when rows are about this large. */
  public void expectRows(long expectedRowBytes) {
    session.conf().set(BATCH_ROWS, RowBatches.rows(expectedRowBytes, MAX_BATCH_ROWS));
  }

  /**
   * Registers every table and every view of {@code data-schemas/views} in the session by name,
   * which from then on expects rows as large as those of the groups that are there.
   */
  public void registerViews() {
    expectRows(decodedRowBytes(Tables.ROLLOUT_GROUPS));
    for (Tables table : Tables.values()) {
      read(table).createOrReplaceTempView(table.label());
    }
    for (Views view : Views.values()) {
      session
          .sql(TableDefinition.resource("views/" + view.label() + ".sql"))
          .createOrReplaceTempView(view.label());
    }
  }

  /** About how large the rows of the file with the largest ones are, decoded. */
  private long decodedRowBytes(Tables table) {
    Scan scan = existing(definition(table), kernel(table)).getScanBuilder().build();
    try {
      return ScanFile.list(engine, scan, Map.of()).stream()
          .mapToLong(file -> PACKED * file.bytes() / Math.max(1, file.rows()))
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new TableException("cannot list the files of " + path(table), e);
    }
  }

  TableDefinition definition(Tables table) {
    return Objects.requireNonNull(definitions.get(table));
  }

  KernelTable kernel(Tables table) {
    return new KernelTable(engine, path(table));
  }

  /** A fresh copy of the session's Hadoop settings. */
  Configuration hadoopConfiguration() {
    return new Configuration(session.sparkContext().hadoopConfiguration());
  }

  private void createOrCompare(TableDefinition definition, List<String> differences) {
    KernelTable kernel = kernel(definition.table());
    if (kernel.snapshot().isEmpty()) {
      new TableCreation(session, kernel, path(definition.table())).create(definition);
    }
    Snapshot snapshot = withAddedColumns(definition, kernel);
    String prefix = "table " + definition.table().label() + ": ";
    StructType declared = KernelSchemas.of(definition.schema());
    KernelSchemas.differences(declared, snapshot.getSchema())
        .forEach(difference -> differences.add(prefix + difference));
    if (!definition.partitionColumns().equals(snapshot.getPartitionColumnNames())) {
      differences.add(
          prefix
              + "partitioned by %s, declared %s"
                  .formatted(snapshot.getPartitionColumnNames(), definition.partitionColumns()));
    }
    compareProperties(definition, snapshot, prefix, differences);
  }

  /** The table as it is once it has the columns that were declared since it was made. */
  private Snapshot withAddedColumns(TableDefinition definition, KernelTable kernel) {
    Snapshot snapshot = existing(definition, kernel);
    List<String> added = AddedColumns.between(definition.schema(), snapshot.getSchema());
    if (added.isEmpty()) {
      return snapshot;
    }
    log.warn("table={} columns_added={}", definition.table().label(), added);
    session.sql(
        "ALTER TABLE delta.`%s` ADD COLUMNS (%s)"
            .formatted(path(definition.table()), String.join(", ", added)));
    return existing(definition, kernel);
  }

  private Snapshot existing(TableDefinition definition, KernelTable kernel) {
    return kernel
        .snapshot()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "table " + path(definition.table()) + " was created and is not there"));
  }

  private static void compareProperties(
      TableDefinition definition, Snapshot snapshot, String prefix, List<String> differences) {
    Map<String, String> found = snapshot.getMetadata().getConfiguration();
    definition
        .properties()
        .forEach(
            (key, value) -> {
              if (!value.equals(found.get(key))) {
                differences.add(
                    prefix
                        + "property %s is %s, declared %s".formatted(key, found.get(key), value));
              }
            });
  }

  private static String withoutTrailingSlash(String root) {
    return root.length() > 1 && root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
  }
}

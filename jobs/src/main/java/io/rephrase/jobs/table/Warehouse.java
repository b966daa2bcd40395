package io.rephrase.jobs.table;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.rephrase.TableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The folder of all tables, at any Hadoop path. Opening it creates the tables that are missing, as
 * {@code data-schemas} declares them, adds columns that were declared later and may be NULL, and
 * refuses tables that are different otherwise; opening it for reading changes no file. Thread-safe,
 * as far as the session is.
 */
public final class Warehouse {

  private static final String BATCH_ROWS = "spark.sql.parquet.columnarReaderBatchSize";
  private static final int MAX_BATCH_ROWS = 4096;

  /** How many times a group's row is larger decoded than in Parquet, at most. */
  private static final long PACKED = 3;

  private final SparkSession session;
  private final String root;
  private final Engine engine;
  private final Map<Tables, TableDefinition> definitions = new EnumMap<>(Tables.class);
  private final Set<Tables> lacking = EnumSet.noneOf(Tables.class);

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
      differences.addAll(new DeclaredTable(warehouse, definition).bringUpToDate());
    }
    refuse(root, differences);
    return warehouse;
  }

  /**
   * Opens the warehouse at {@code root} for queries, and changes nothing there: a table that an
   * older version did not make has no rows, and columns that may be NULL are NULL where a table
   * lacks them.
   *
   * @throws TableException if there is no warehouse, or a table there is not what is declared
   */
  public static Warehouse openForReading(SparkSession session, String root) {
    Warehouse warehouse = new Warehouse(session, withoutTrailingSlash(root));
    List<String> differences = new ArrayList<>();
    for (TableDefinition definition : warehouse.definitions.values()) {
      DeclaredTable table = new DeclaredTable(warehouse, definition);
      Optional<Snapshot> found = warehouse.kernel(definition.table()).snapshot();
      found.ifPresentOrElse(
          snapshot -> differences.addAll(table.differencesForReaders(snapshot)),
          () -> warehouse.lacking.add(definition.table()));
    }
    if (warehouse.lacks(Tables.RUNS)) {
      throw noneAt(root);
    }
    refuse(root, differences);
    return warehouse;
  }

  /** Whether there is a warehouse at {@code root}: somebody made its table of runs. */
  public static boolean isThere(SparkSession session, String root) {
    return new Warehouse(session, withoutTrailingSlash(root))
        .kernel(Tables.RUNS)
        .snapshot()
        .isPresent();
  }

  /** What a command says that was pointed at a folder without a warehouse. */
  public static TableException noneAt(String root) {
    return new TableException(
        "%s: there is no warehouse; make one with quickstart or iterate, or give another with --warehouse"
            .formatted(root));
  }

  private static void refuse(String root, List<String> differences) {
    if (!differences.isEmpty()) {
      throw new TableException(
          "warehouse %s is not what this version declares: %s; use the version that wrote it, or another folder; only columns that may be NULL are added to what is there"
              .formatted(root, String.join("; ", differences)));
    }
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
    StructType declared = definition(table).schema();
    return lacks(table)
        ? session.createDataFrame(List.<Row>of(), declared)
        : MissingColumns.filled(session.read().format("delta").load(path(table)), declared);
  }

  /** Whether there was no such table when this warehouse was opened for reading. */
  boolean lacks(Tables table) {
    return lacking.contains(table);
  }

  /** The number of a table's newest version. */
  public long version(Tables table) {
    return snapshot(table).getVersion();
  }

  /** The newest state of a table that must be there. */
  Snapshot snapshot(Tables table) {
    return kernel(table)
        .snapshot()
        .orElseThrow(() -> new TableException("no table at " + path(table) + "; was it deleted?"));
  }

  /**
   * All rows of a table as it was at {@code version}.
   *
   * @throws TableException if what that version consisted of is no longer there
   */
  public Dataset<Row> readAt(Tables table, long version) {
    requireFiles(table, version);
    Dataset<Row> rows =
        session
            .read()
            .format("delta")
            .option("versionAsOf", Long.toString(version))
            .load(path(table));
    return MissingColumns.filled(rows, definition(table).schema());
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
    return new ControlTables(this, fence);
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
    register(EnumSet.allOf(Tables.class), EnumSet.allOf(Views.class));
  }

  /**
   * The same of those tables and views alone that are named in one of {@code queries}, and of those
   * that these views read: opening a table takes a tenth of a second.
   */
  public void registerViewsFor(String... queries) {
    Set<String> names = new HashSet<>();
    for (String query : queries) {
      names.addAll(words(query));
    }
    if (names.contains("show") || names.contains("identifier")) { // May mean any of them.
      registerViews();
      return;
    }
    Set<Views> views = EnumSet.noneOf(Views.class);
    List<Views> latestFirst = new ArrayList<>(List.of(Views.values()));
    Collections.reverse(latestFirst);
    for (Views view : latestFirst) { // Each may read those before it.
      if (names.contains(view.label())) {
        views.add(view);
        names.addAll(words(view.sql()));
      }
    }
    Set<Tables> tables = EnumSet.allOf(Tables.class);
    tables.removeIf(table -> !names.contains(table.label()));
    register(tables, views);
  }

  private static Set<String> words(String sql) {
    return Set.copyOf(List.of(sql.toLowerCase(Locale.ROOT).split("\\W+")));
  }

  private void register(Set<Tables> tables, Set<Views> views) {
    expectRows(decodedRowBytes(Tables.ROLLOUT_GROUPS));
    for (Tables table : tables) {
      read(table).createOrReplaceTempView(table.label());
    }
    for (Views view : views) {
      session.sql(view.sql()).createOrReplaceTempView(view.label());
    }
  }

  /** About how large the rows of the file with the largest ones are, decoded. */
  private long decodedRowBytes(Tables table) {
    if (lacks(table)) {
      return 0;
    }
    Scan scan = snapshot(table).getScanBuilder().build();
    try {
      return ScanFile.list(engine, scan, Map.of()).stream()
          .mapToLong(file -> PACKED * file.bytes() / Math.max(1, file.rows()))
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new TableException("cannot list the files of " + path(table), e);
    }
  }

  Engine engine() {
    return engine;
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

  private static String withoutTrailingSlash(String root) {
    return root.length() > 1 && root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
  }
}

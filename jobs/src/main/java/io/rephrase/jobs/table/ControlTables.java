package io.rephrase.jobs.table;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.engine.Engine;
import io.rephrase.TableException;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.Lease;
import io.rephrase.data.RunEvent;
import io.rephrase.data.StepMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * The small append-only tables that only the driver writes, through Delta Kernel. Their records are
 * their law: they carry no CHECK constraints. Thread-safe.
 */
public final class ControlTables {

  private final Warehouse warehouse;
  private final Engine engine;
  private final CommitFence fence;

  ControlTables(Warehouse warehouse, CommitFence fence) {
    this.warehouse = warehouse;
    this.engine = warehouse.engine();
    this.fence = fence;
  }

  String root() {
    return warehouse.root();
  }

  /** Refuses as the fence of every commit does, for a change that is made elsewhere. */
  void requireOwned() {
    fence.requireOwned();
  }

  /**
   * Appends {@code rows} in one commit, once: a transaction id that is in the log already writes
   * nothing. Rows of a partitioned table are all of one partition.
   *
   * @return whether this call wrote them
   * @throws TableException if the run belongs to another driver by now
   */
  public <T extends Record> boolean append(Tables table, List<T> rows, String transactionId) {
    requireControl(table);
    fence.requireOwned();
    TableDefinition definition = TableDefinition.of(table);
    List<Row> cells = new ArrayList<>();
    for (T row : rows) {
      cells.add(codecOf(row, definition).toRow(row));
    }
    return kernel(table)
        .append(
            KernelRows.toKernel(cells, KernelSchemas.of(definition.schema())),
            KernelRows.partition(cells, definition),
            transactionId);
  }

  @SuppressWarnings("unchecked") // The class of a T is a Class<T>.
  private static <T extends Record> RecordCodec<T> codecOf(T row, TableDefinition definition) {
    return RecordCodec.of((Class<T>) row.getClass(), definition.schema());
  }

  /** All rows of {@code runId}, in no order. */
  public <T extends Record> List<T> read(Tables table, Class<T> type, String runId) {
    requireControl(table);
    if (warehouse.lacks(table)) {
      return List.of();
    }
    RecordCodec<T> codec = RecordCodec.of(type, TableDefinition.of(table).schema());
    List<T> rows = new ArrayList<>();
    try {
      Scan scan =
          snapshot(table).getScanBuilder().withReadSchema(KernelSchemas.of(codec.schema())).build();
      for (ScanFile file : ScanFile.list(engine, scan, Map.of())) {
        readFile(file, codec, runId, rows);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading table " + table.label() + " below " + root(), e);
    }
    return rows;
  }

  private <T extends Record> void readFile(
      ScanFile file, RecordCodec<T> codec, String runId, List<T> into) throws IOException {
    int runColumn = codec.schema().fieldIndex("run_id");
    try (ScanFileRows rows = file.open(engine)) {
      while (rows.hasNext()) {
        Row row = rows.next();
        if (runId.equals(row.getString(runColumn))) {
          into.add(codec.fromRow(row));
        }
      }
    }
  }

  /** The events of a run, by sequence. */
  public List<RunEvent> events(String runId) {
    return read(Tables.RUNS, RunEvent.class, runId).stream()
        .sorted(Comparator.comparingLong(RunEvent::sequence))
        .toList();
  }

  /** The optimizer steps of a run, by number. */
  public List<StepMetrics> trainingSteps(String runId) {
    return read(Tables.TRAINING_STEPS, StepMetrics.class, runId).stream()
        .sorted(Comparator.comparingLong(StepMetrics::step))
        .toList();
  }

  /** The policy versions of a run, by number, with full paths. */
  public List<Checkpoint> checkpoints(String runId) {
    return read(Tables.CHECKPOINTS, Checkpoint.class, runId).stream()
        .map(row -> row.withPaths(new WarehousePaths(root())::resolved))
        .sorted(Comparator.comparingInt(Checkpoint::policyVersion))
        .toList();
  }

  /** The checkpoint of one policy version, if it exists. */
  public Optional<Checkpoint> checkpoint(String runId, int policyVersion) {
    return checkpoints(runId).stream().filter(c -> c.policyVersion() == policyVersion).findFirst();
  }

  /**
   * Makes a policy version exist. Paths inside the warehouse are stored relative to it.
   *
   * @return whether this call wrote the row; false where this version exists already
   */
  public boolean publish(Checkpoint checkpoint) {
    return append(
        Tables.CHECKPOINTS,
        List.of(checkpoint.withPaths(new WarehousePaths(root())::stored)),
        checkpoint.runId() + "/checkpoint/" + checkpoint.policyVersion());
  }

  /** The lease of a run that is in force: of the files, only those that may hold it are read. */
  Optional<Lease> lease(String runId) {
    if (warehouse.lacks(Tables.LEASES)) {
      return Optional.empty();
    }
    RecordCodec<Lease> codec =
        RecordCodec.of(Lease.class, TableDefinition.of(Tables.LEASES).schema());
    List<Lease> newest = new ArrayList<>();
    try {
      Scan scan = snapshot(Tables.LEASES).getScanBuilder().build();
      List<ScanFile> files =
          ScanFile.list(engine, scan, Map.of()).stream()
              .filter(file -> file.mayHold("run_id", runId))
              .sorted(Comparator.comparingLong((ScanFile file) -> file.most("sequence")).reversed())
              .toList();
      for (ScanFile file : files) {
        if (newest.stream().anyMatch(lease -> lease.sequence() >= file.most("sequence"))) {
          break;
        }
        readFile(file, codec, runId, newest);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading table leases below " + root(), e);
    }
    return newest.stream().max(Comparator.comparingLong(Lease::sequence));
  }

  /** Whether a transaction of this id is in the table's log. */
  public boolean committed(Tables table, String transactionId) {
    return kernel(table).committed(transactionId);
  }

  private Snapshot snapshot(Tables table) {
    return kernel(table)
        .snapshot()
        .orElseThrow(
            () ->
                new TableException(
                    "no table %s in warehouse %s; open the warehouse first"
                        .formatted(table.label(), root())));
  }

  private KernelTable kernel(Tables table) {
    return warehouse.kernel(table);
  }

  private static void requireControl(Tables table) {
    if (!table.control()) {
      throw new IllegalArgumentException(
          "table %s is no control table; write it with TableStore".formatted(table.label()));
    }
  }
}

package io.rephrase.jobs.table;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionBuilder;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentTransactionException;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Delta table through Delta Kernel: no Spark job for a small read or write. Thread-safe. */
final class KernelTable {

  private static final Logger log = LoggerFactory.getLogger(KernelTable.class);

  /** Who wrote a commit, in the log. */
  static final String ENGINE_INFO = "rephrase";

  private final Engine engine;
  private final String path;

  KernelTable(Engine engine, String path) {
    this.engine = engine;
    this.path = path;
  }

  Engine engine() {
    return engine;
  }

  /** The newest state of the table; empty where there is no table. */
  Optional<Snapshot> snapshot() {
    try {
      return Optional.of(Table.forPath(engine, path).getLatestSnapshot(engine));
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Data files of the table as it was at {@code version}, as full paths; empty where the log no
   * longer says.
   */
  Optional<List<String>> filesAt(long version) {
    try {
      Snapshot snapshot = Table.forPath(engine, path).getSnapshotAsOfVersion(engine, version);
      List<String> files = new ArrayList<>();
      for (ScanFile file : ScanFile.list(engine, snapshot.getScanBuilder().build(), Map.of())) {
        files.add(file.path());
      }
      return Optional.of(files);
    } catch (KernelException e) {
      log.info("table={} version={} in_the_log=false", path, version, e);
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("listing version " + version + " of " + path, e);
    }
  }

  /** Creates the table unless another process was quicker. */
  void create(TableDefinition definition) {
    try {
      Transaction transaction =
          Table.forPath(engine, path)
              .createTransactionBuilder(engine, ENGINE_INFO, Operation.CREATE_TABLE)
              .withSchema(engine, KernelSchemas.of(definition.schema()))
              .withPartitionColumns(engine, definition.partitionColumns())
              .withTableProperties(engine, definition.properties())
              .build(engine);
      transaction.commit(engine, CloseableIterable.emptyIterable());
    } catch (TableAlreadyExistsException | ConcurrentWriteException e) {
      log.info("table={} created_by_another_process=true", definition.table().label());
    }
  }

  /** Whether a transaction of this id is in the log. */
  boolean committed(String transactionId) {
    return snapshot()
        .flatMap(snapshot -> snapshot.getLatestTransactionVersion(engine, transactionId))
        .isPresent();
  }

  /**
   * Appends all rows in one commit, unless a transaction of this id is in the log already.
   *
   * @param partition the partition that all rows are of; empty where the table has none
   * @return whether this call wrote them
   */
  boolean append(ColumnarBatch rows, Map<String, Literal> partition, String transactionId) {
    try {
      TransactionBuilder builder =
          Table.forPath(engine, path)
              .createTransactionBuilder(engine, ENGINE_INFO, Operation.WRITE)
              .withTransactionId(engine, transactionId, ChunkId.VERSION);
      Transaction transaction = builder.build(engine);
      TransactionCommitResult result =
          transaction.commit(engine, appendActions(transaction, rows, partition));
      result.getPostCommitHooks().forEach(this::run);
      return true;
    } catch (ConcurrentTransactionException e) {
      log.debug("table={} transaction={} already_committed=true", path, transactionId);
      return false;
    }
  }

  private CloseableIterable<Row> appendActions(
      Transaction transaction, ColumnarBatch rows, Map<String, Literal> partition) {
    if (rows.getSize() == 0) {
      return CloseableIterable.emptyIterable(); // The mark alone.
    }
    Row state = transaction.getTransactionState(engine);
    FilteredColumnarBatch batch = new FilteredColumnarBatch(rows, Optional.empty());
    CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(
            engine, state, Utils.toCloseableIterator(List.of(batch).iterator()), partition);
    DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
    try {
      CloseableIterator<DataFileStatus> files =
          engine
              .getParquetHandler()
              .writeParquetFiles(
                  context.getTargetDirectory(), physical, context.getStatisticsColumns());
      return CloseableIterable.inMemoryIterable(
          Transaction.generateAppendActions(engine, state, files, context));
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + rows.getSize() + " rows to " + path, e);
    }
  }

  // A hook only writes checkpoints of the log: the commit stands without it.
  private void run(PostCommitHook hook) {
    try {
      hook.threadSafeInvoke(engine);
    } catch (IOException | RuntimeException e) {
      log.warn("table={} post_commit_hook={} failed", path, hook.getType(), e);
    }
  }
}

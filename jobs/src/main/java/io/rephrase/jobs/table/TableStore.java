package io.rephrase.jobs.table;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.kernel.Snapshot;
import io.rephrase.TableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends chunks of rows exactly once, and says which are there. A chunk is known by its
 * transaction id in the table's log and by nothing else. Thread-safe: chunks may be appended side
 * by side.
 */
public final class TableStore {

  private static final Logger log = LoggerFactory.getLogger(TableStore.class);

  private final Warehouse warehouse;
  private final CommitFence fence;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  TableStore(Warehouse warehouse, CommitFence fence) {
    this.warehouse = warehouse;
    this.fence = fence;
  }

  /**
   * Commits {@code rows} as one chunk. If the chunk is in the log already nothing is written and
   * {@code rows} is not evaluated. The columns are taken by name, in the declared order.
   *
   * @return whether this call wrote it: of all who come at the same moment one does
   * @throws TableException if the run belongs to another driver by now
   */
  public boolean append(Tables table, Dataset<Row> rows, ChunkId chunk) {
    MarkedAppend append =
        MarkedAppend.begin(warehouse.session(), warehouse.path(table), chunk.transactionId());
    if (committed(table, chunk)) {
      log.info("table={} chunk={} already_committed=true", table.label(), chunk);
      return false;
    }
    fence.requireOwned();
    boolean wrote = append.commit(declared(table, rows));
    if (!wrote) {
      log.warn("table={} chunk={} committed_by_another_driver=true", table.label(), chunk);
    }
    return wrote;
  }

  /**
   * Puts {@code rows} in the place of all rows for which {@code condition} holds, in one commit:
   * readers see the old rows or the new ones. The columns are taken as in {@link #append}.
   *
   * @param condition SQL over the table's partition columns, true of every one of {@code rows}
   * @throws TableException if another process changed the same rows meanwhile
   */
  public void replace(Tables table, Dataset<Row> rows, String condition) {
    fence.requireOwned();
    try {
      declared(table, rows)
          .write()
          .format("delta")
          .mode("overwrite")
          .option("replaceWhere", condition)
          .save(warehouse.path(table));
    } catch (DeltaConcurrentModificationException e) {
      throw new TableException(
          "another process wrote to table %s in %s where %s; run the command again"
              .formatted(table.label(), warehouse.root(), condition),
          e);
    }
  }

  /** Commits the missing chunks of {@code plan} without rows, so that nobody else ever can. */
  void close(Tables table, StagePlan plan) {
    for (ChunkId chunk : missingChunks(table, plan)) {
      append(table, warehouse.read(table).limit(0), chunk);
    }
  }

  private Dataset<Row> declared(Tables table, Dataset<Row> rows) {
    Column[] columns =
        Arrays.stream(warehouse.definition(table).schema().fieldNames())
            .map(functions::col)
            .toArray(Column[]::new);
    return rows.select(columns);
  }

  /** Whether the chunk is in the table's log. */
  public boolean committed(Tables table, ChunkId chunk) {
    return missing(table, List.of(chunk)).isEmpty();
  }

  /** The chunks of {@code plan} that are not in the table's log, in order. */
  public List<ChunkId> missingChunks(Tables table, StagePlan plan) {
    return missing(table, plan.chunkIds());
  }

  /** Whether every chunk of {@code plan} is in the log of every table the stage writes. */
  public boolean done(StagePlan plan) {
    return plan.stage().tables().stream().allMatch(t -> missingChunks(t, plan).isEmpty());
  }

  /**
   * Refuses to go on before a stage is done.
   *
   * @throws TableException naming the missing chunks
   */
  public void requireDone(Tables table, StagePlan plan) {
    List<ChunkId> missing = missingChunks(table, plan);
    if (!missing.isEmpty()) {
      throw new TableException(
          "stage %s of run %s, iteration %d, is not done: %d of %d chunks are missing in table %s (%s); make them with `rephrase %s --iteration %d`, committed chunks are kept"
              .formatted(
                  plan.stage().label(),
                  plan.runId(),
                  plan.iteration(),
                  missing.size(),
                  plan.chunks(),
                  table.label(),
                  missing.stream()
                      .limit(20)
                      .map(chunk -> Integer.toString(chunk.chunk()))
                      .collect(Collectors.joining(", ")),
                  plan.stage().command(),
                  plan.iteration()));
    }
  }

  /** The chunks of {@code chunks} that are not in the table's log, in order. */
  public List<ChunkId> missing(Tables table, List<ChunkId> chunks) {
    List<ChunkId> unseen = new ArrayList<>();
    for (ChunkId chunk : chunks) {
      if (!seen.contains(key(table, chunk))) {
        unseen.add(chunk);
      }
    }
    if (unseen.isEmpty()) {
      return unseen;
    }
    Snapshot snapshot = warehouse.snapshot(table);
    List<ChunkId> missing = new ArrayList<>();
    for (ChunkId chunk : unseen) {
      if (snapshot
          .getLatestTransactionVersion(warehouse.engine(), chunk.transactionId())
          .isPresent()) {
        seen.add(key(table, chunk));
      } else {
        missing.add(chunk);
      }
    }
    return missing;
  }

  private static String key(Tables table, ChunkId chunk) {
    return table.label() + ":" + chunk.transactionId();
  }
}

package io.rephrase.jobs.table;

import io.delta.kernel.Scan;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.rephrase.TableException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * Streams the rows of one iteration in position order, without Spark: the files' rows are merged,
 * each file opened only when its first position is due. In memory are one decoded batch of every
 * file whose positions overlap, the smaller the more they are, and nothing else. Thread-safe; each
 * stream belongs to one thread.
 */
public final class IterationReader {

  private static final int MAX_BATCH_ROWS = 1024;
  private static final String BATCH_SIZE = "delta.kernel.default.parquet.reader.batch-size";

  private final Warehouse warehouse;

  public IterationReader(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /**
   * Opens the rows of one iteration of a run; the caller closes the stream. Only the columns that
   * {@code type} has components for are read; {@code position} must be among them.
   *
   * @param expectedRowBytes about how large a decoded row is
   */
  public <T extends Record> PositionStream<T> open(
      Tables table, Class<T> type, IterationKey key, long expectedRowBytes) {
    RecordCodec<T> codec = warehouse.prunedCodec(table, type);
    Scan scan =
        warehouse
            .snapshot(table)
            .getScanBuilder()
            .withReadSchema(KernelSchemas.of(codec.schema()))
            .withFilter(key.predicate())
            .build();
    try {
      List<ScanFile> files = ScanFile.list(warehouse.engine(), scan, key.partition());
      long together = Math.multiplyExact(expectedRowBytes, overlapping(files));
      Configuration configuration = warehouse.hadoopConfiguration();
      configuration.setInt(BATCH_SIZE, RowBatches.rows(together, MAX_BATCH_ROWS));
      return new PositionStream<>(DefaultEngine.create(configuration), files, codec);
    } catch (IOException e) {
      throw new TableException("cannot list the files of " + warehouse.path(table), e);
    }
  }

  /** As {@link #open}, with every row given to {@code into} in position order. */
  public <T extends Record> void forEach(
      Tables table, Class<T> type, IterationKey key, long expectedRowBytes, Consumer<T> into) {
    try (PositionStream<T> rows = open(table, type, key, expectedRowBytes)) {
      rows.forEachRemaining(into);
    }
  }

  /** How many files may be open at once: their batches are in memory together. */
  private static long overlapping(List<ScanFile> files) {
    long[] firsts =
        files.stream().mapToLong(f -> f.least("position").orElse(Long.MIN_VALUE)).toArray();
    long[] lasts = files.stream().mapToLong(file -> file.most("position")).toArray();
    return RowBatches.overlapping(firsts, lasts);
  }

  /**
   * One iteration of one run.
   *
   * @param runId the run
   * @param iteration from 0
   */
  public record IterationKey(String runId, int iteration) {

    Map<String, String> partition() {
      return Map.of("run_id", runId, "iteration", Integer.toString(iteration));
    }

    Predicate predicate() {
      return new And(
          new Predicate("=", new Column("run_id"), Literal.ofString(runId)),
          new Predicate("=", new Column("iteration"), Literal.ofInt(iteration)));
    }
  }
}

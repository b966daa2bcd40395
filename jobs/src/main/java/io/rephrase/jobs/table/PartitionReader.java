package io.rephrase.jobs.table;

import io.delta.kernel.Scan;
import io.rephrase.TableException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.types.StructType;

/**
 * Reads rows of whole partitions in no order, without Spark: file after file, one decoded batch in
 * memory at a time. Thread-safe.
 */
public final class PartitionReader {

  private final Warehouse warehouse;

  public PartitionReader(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /**
   * Gives every row to {@code into}. Only the columns that {@code type} has components for are
   * read.
   *
   * @param partition values of partition columns, as text; of columns that are left out any
   */
  public <T extends Record> void forEach(
      Tables table, Class<T> type, Map<String, String> partition, Consumer<? super T> into) {
    RecordCodec<T> codec = warehouse.prunedCodec(table, type);
    try {
      for (ScanFile file : files(table, codec.schema(), partition)) {
        try (ScanFileRows rows = file.open(warehouse.engine())) {
          while (rows.hasNext()) {
            into.accept(codec.fromRow(rows.next()));
          }
        }
      }
    } catch (IOException e) {
      throw new TableException("cannot read " + warehouse.path(table), e);
    }
  }

  /**
   * Whether there is any row; from the table's log alone.
   *
   * @param partition as in {@link #forEach}
   */
  boolean any(Tables table, Map<String, String> partition) {
    try {
      return files(table, warehouse.definition(table).schema(), partition).stream()
          .anyMatch(file -> file.rows() > 0);
    } catch (IOException e) {
      throw new TableException("cannot list the files of " + warehouse.path(table), e);
    }
  }

  private List<ScanFile> files(Tables table, StructType columns, Map<String, String> partition)
      throws IOException {
    Scan scan =
        warehouse
            .snapshot(table)
            .getScanBuilder()
            .withReadSchema(KernelSchemas.of(columns))
            .build();
    return ScanFile.list(warehouse.engine(), scan, partition);
  }
}

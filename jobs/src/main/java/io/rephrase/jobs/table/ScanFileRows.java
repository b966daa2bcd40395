package io.rephrase.jobs.table;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The live rows of one data file, one decoded batch in memory at a time. Not thread-safe. */
final class ScanFileRows implements AutoCloseable {

  private final CloseableIterator<FilteredColumnarBatch> batches;
  private @Nullable ColumnarBatch batch;
  private Optional<ColumnVector> selection = Optional.empty();
  private int index;

  ScanFileRows(CloseableIterator<FilteredColumnarBatch> batches) {
    this.batches = batches;
  }

  boolean hasNext() {
    while (batch == null || index >= batch.getSize() || deleted(index)) {
      if (batch != null && index < batch.getSize()) {
        index++;
      } else if (batches.hasNext()) {
        FilteredColumnarBatch next = batches.next();
        batch = next.getData();
        selection = next.getSelectionVector();
        index = 0;
      } else {
        batch = null;
        return false;
      }
    }
    return true;
  }

  Row next() {
    if (!hasNext() || batch == null) {
      throw new NoSuchElementException("the file has no more rows");
    }
    return KernelRows.fromKernel(batch, index++);
  }

  private boolean deleted(int row) {
    return selection.isPresent()
        && (selection.get().isNullAt(row) || !selection.get().getBoolean(row));
  }

  @Override
  public void close() throws IOException {
    batches.close();
  }
}

package io.rephrase.jobs.table;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.delta.kernel.Scan;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One data file of a scan.
 *
 * @param state of the scan
 * @param file Kernel's row about it
 */
record ScanFile(Row state, Row file) {

  /** The files of a scan whose partition values equal {@code partition}. */
  static List<ScanFile> list(Engine engine, Scan scan, Map<String, String> partition)
      throws IOException {
    Row state = scan.getScanState(engine);
    List<ScanFile> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            Row file = rows.next();
            Map<String, String> values = InternalScanFileUtils.getPartitionValues(file);
            if (values.entrySet().containsAll(partition.entrySet())) {
              files.add(new ScanFile(state, file));
            }
          }
        }
      }
    }
    return files;
  }

  /** The least value of an integer column by the file's statistics, if they are kept. */
  Optional<Long> least(String column) {
    Row add = file.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    if (add.isNullAt(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL)) {
      return Optional.empty();
    }
    JsonObject statistics =
        JsonParser.parseString(add.getString(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL))
            .getAsJsonObject();
    JsonObject least = statistics.getAsJsonObject("minValues");
    JsonElement value = least == null ? null : least.get(column);
    return value == null || value.isJsonNull() ? Optional.empty() : Optional.of(value.getAsLong());
  }

  /** Where it is. */
  String path() {
    return InternalScanFileUtils.getAddFileStatus(file).getPath();
  }

  /** Its rows in file order; the caller closes them. */
  ScanFileRows open(Engine engine) throws IOException {
    CloseableIterator<FileReadResult> physical =
        engine
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                ScanStateRow.getPhysicalDataReadSchema(state),
                Optional.empty());
    return new ScanFileRows(
        Scan.transformPhysicalData(engine, state, file, physical.map(FileReadResult::getData)));
  }
}

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
    return statistic("minValues", column).map(JsonElement::getAsLong);
  }

  /** The greatest value of an integer column by the file's statistics, else the greatest of all. */
  long most(String column) {
    return statistic("maxValues", column).map(JsonElement::getAsLong).orElse(Long.MAX_VALUE);
  }

  /** Whether this text may be in a column, by the file's statistics. */
  boolean mayHold(String column, String text) {
    return statistic("minValues", column).map(JsonElement::getAsString).orElse("").compareTo(text)
            <= 0
        && statistic("maxValues", column)
            .map(JsonElement::getAsString)
            .map(most -> most.compareTo(text) >= 0)
            .orElse(true);
  }

  /** Its size on disk. */
  long bytes() {
    return InternalScanFileUtils.getAddFileStatus(file).getSize();
  }

  /** How many rows it has by its statistics, else one. */
  long rows() {
    return statistics()
        .map(statistics -> statistics.get("numRecords"))
        .map(JsonElement::getAsLong)
        .orElse(1L);
  }

  private Optional<JsonElement> statistic(String kind, String column) {
    return statistics()
        .map(statistics -> statistics.getAsJsonObject(kind))
        .map(values -> values.get(column))
        .filter(value -> !value.isJsonNull());
  }

  private Optional<JsonObject> statistics() {
    Row add = file.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    return add.isNullAt(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL)
        ? Optional.empty()
        : Optional.of(
            JsonParser.parseString(add.getString(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL))
                .getAsJsonObject());
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

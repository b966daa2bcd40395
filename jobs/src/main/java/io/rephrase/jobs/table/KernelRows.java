package io.rephrase.jobs.table;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** Spark's rows, which {@link RecordCodec} speaks, to Delta Kernel's and back. */
final class KernelRows {

  private KernelRows() {}

  /**
   * Rows as one batch. Columns of scalars, maps of strings and arrays of doubles; the control
   * tables have no others.
   */
  static ColumnarBatch toKernel(List<Row> rows, StructType schema) {
    ColumnVector[] vectors = new ColumnVector[schema.length()];
    for (int i = 0; i < vectors.length; i++) {
      List<@Nullable Object> cells = new ArrayList<>();
      for (Row row : rows) {
        cells.add(cell(row.get(i)));
      }
      // Not the row-based batch: it refuses to hand out a timestamp.
      vectors[i] = VectorUtils.buildColumnVector(cells, schema.at(i).getDataType());
    }
    return new DefaultColumnarBatch(rows.size(), schema, vectors);
  }

  private static @Nullable Object cell(@Nullable Object cell) {
    if (cell instanceof Timestamp timestamp) {
      return ChronoUnit.MICROS.between(Instant.EPOCH, timestamp.toInstant());
    }
    if (cell instanceof scala.collection.Map<?, ?> map) {
      Map<String, String> strings = new HashMap<>();
      CollectionConverters.asJava(map).forEach((k, v) -> strings.put((String) k, (String) v));
      return VectorUtils.stringStringMapValue(strings);
    }
    if (cell instanceof Double[] doubles) {
      return VectorUtils.buildArrayValue(Arrays.asList(doubles), DoubleType.DOUBLE);
    }
    return cell;
  }

  /** The one partition that rows of the table are of. */
  static Map<String, Literal> partition(List<Row> rows, TableDefinition definition) {
    Map<String, Literal> partition = new LinkedHashMap<>();
    for (String column : definition.partitionColumns()) {
      int index = definition.schema().fieldIndex(column);
      Set<Object> values = new LinkedHashSet<>();
      rows.forEach(row -> values.add(row.get(index)));
      if (values.size() > 1) {
        throw new IllegalArgumentException(
            "rows of table %s are committed one partition at a time, got %s = %s"
                .formatted(definition.table().label(), column, values));
      }
      values.forEach(value -> partition.put(column, literal(value)));
    }
    return partition;
  }

  private static Literal literal(Object value) {
    return value instanceof Integer number
        ? Literal.ofInt(number)
        : Literal.ofString((String) value);
  }

  /** Row {@code index} of a batch, its cells in the order of the batch's schema. */
  static Row fromKernel(ColumnarBatch batch, int index) {
    StructType schema = batch.getSchema();
    @Nullable Object[] cells = new @Nullable Object[schema.length()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = value(batch.getColumnVector(i), index);
    }
    return RowFactory.create(cells);
  }

  private static @Nullable Object value(ColumnVector vector, int index) {
    if (vector.isNullAt(index)) {
      return null;
    }
    DataType type = vector.getDataType();
    if (type instanceof StructType struct) {
      @Nullable Object[] cells = new @Nullable Object[struct.length()];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = value(vector.getChild(i), index);
      }
      return RowFactory.create(cells);
    }
    if (type instanceof ArrayType) {
      return array(vector.getArray(index));
    }
    if (type instanceof MapType) {
      return new HashMap<>(VectorUtils.toJavaMap(vector.getMap(index)));
    }
    return scalar(vector, type, index);
  }

  private static Object scalar(ColumnVector vector, DataType type, int index) {
    if (type instanceof StringType) {
      return vector.getString(index);
    }
    if (type instanceof IntegerType) {
      return vector.getInt(index);
    }
    if (type instanceof LongType) {
      return vector.getLong(index);
    }
    if (type instanceof FloatType) {
      return vector.getFloat(index);
    }
    if (type instanceof DoubleType) {
      return vector.getDouble(index);
    }
    if (type instanceof BooleanType) {
      return vector.getBoolean(index);
    }
    if (type instanceof TimestampType) {
      return Instant.EPOCH.plus(vector.getLong(index), ChronoUnit.MICROS);
    }
    throw new IllegalStateException("no column of ours has Delta Kernel's type " + type);
  }

  /** Token arrays stay primitive: a group holds hundreds of thousands of numbers. */
  private static Object array(ArrayValue array) {
    ColumnVector elements = array.getElements();
    int size = array.getSize();
    if (elements.getDataType() instanceof IntegerType) {
      int[] values = new int[size];
      for (int i = 0; i < size; i++) {
        values[i] = elements.getInt(i);
      }
      return values;
    }
    if (elements.getDataType() instanceof FloatType) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = elements.getFloat(i);
      }
      return values;
    }
    @Nullable Object[] values = new @Nullable Object[size];
    for (int i = 0; i < size; i++) {
      values[i] = value(elements, i);
    }
    return Collections.unmodifiableList(Arrays.asList(values));
  }
}

package io.rephrase.jobs.table;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns, those in structs included, that were declared after a table was made: to a reader
 * they are there, and NULL.
 */
final class MissingColumns {

  private MissingColumns() {}

  /** Rows of the declared columns; {@code rows} themselves where they have them all. */
  static Dataset<Row> filled(Dataset<Row> rows, StructType declared) {
    return same(declared, rows.schema())
        ? rows
        : rows.select(columns(declared, rows.schema(), rows::col));
  }

  private static Column[] columns(
      StructType declared, StructType found, Function<String, Column> cells) {
    List<String> names = List.of(found.fieldNames());
    List<Column> columns = new ArrayList<>();
    for (StructField field : declared.fields()) {
      String name = field.name();
      Column column =
          names.contains(name)
              ? filled(cells.apply(name), field.dataType(), found.apply(name).dataType())
              : lit(null).cast(field.dataType());
      columns.add(column.as(name));
    }
    return columns.toArray(Column[]::new);
  }

  private static Column filled(Column cell, DataType declared, DataType found) {
    if (same(declared, found)) {
      return cell;
    }
    if (declared instanceof StructType struct && found instanceof StructType other) {
      Column filled = struct(columns(struct, other, cell::getField));
      return when(cell.isNull(), lit(null)).otherwise(filled);
    }
    if (declared instanceof ArrayType array && found instanceof ArrayType other) {
      return transform(cell, element -> filled(element, array.elementType(), other.elementType()));
    }
    return cell;
  }

  /** Whether names, types and their order are the same. */
  private static boolean same(DataType declared, DataType found) {
    return declared.catalogString().equals(found.catalogString());
  }
}

package io.rephrase.jobs.table;

import io.delta.kernel.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns, those in structs included, that a table of an older version lacks and that may be
 * NULL: what schemas may gain. They are added where the declaration has them.
 */
final class AddedColumns {

  private final List<String> clauses = new ArrayList<>();
  private boolean addable = true;

  private AddedColumns() {}

  /**
   * What {@code found} lacks, as clauses of ALTER TABLE ADD COLUMNS; empty where that is nothing,
   * or where it lacks what rows cannot be without: such a table is left as it is.
   */
  static List<String> between(StructType declared, io.delta.kernel.types.StructType found) {
    AddedColumns added = new AddedColumns();
    added.compare(declared, found, "");
    return added.addable ? List.copyOf(added.clauses) : List.of();
  }

  private void compare(StructType declared, io.delta.kernel.types.StructType found, String prefix) {
    String place = "FIRST";
    for (StructField field : declared.fields()) {
      int index = found.indexOf(field.name());
      if (index >= 0) {
        descend(field.dataType(), found.at(index).getDataType(), prefix + field.name() + ".");
      } else if (field.nullable()) {
        clauses.add(clause(field, prefix) + " " + place);
      } else {
        addable = false;
      }
      place = "AFTER " + field.name();
    }
  }

  private void descend(
      org.apache.spark.sql.types.DataType declared, DataType found, String prefix) {
    if (declared instanceof StructType struct
        && found instanceof io.delta.kernel.types.StructType other) {
      compare(struct, other, prefix);
    } else if (declared instanceof ArrayType array
        && found instanceof io.delta.kernel.types.ArrayType other) {
      descend(array.elementType(), other.getElementType(), prefix + "element.");
    }
  }

  private static String clause(StructField field, String prefix) {
    String comment =
        field.getComment().isDefined()
            ? " COMMENT '" + field.getComment().get().replace("'", "\\'") + "'"
            : "";
    return prefix + field.name() + " " + field.dataType().sql() + comment;
  }
}

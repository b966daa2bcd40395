package io.rephrase.jobs.table;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Declared schemas in Delta Kernel's words, and what two schemas differ in. */
final class KernelSchemas {

  private static final Map<String, DataType> SCALARS =
      Map.of(
          "string", StringType.STRING,
          "integer", IntegerType.INTEGER,
          "long", LongType.LONG,
          "float", FloatType.FLOAT,
          "double", DoubleType.DOUBLE,
          "boolean", BooleanType.BOOLEAN,
          "timestamp", TimestampType.TIMESTAMP);

  private KernelSchemas() {}

  static StructType of(org.apache.spark.sql.types.StructType schema) {
    StructType converted = new StructType();
    for (org.apache.spark.sql.types.StructField field : schema.fields()) {
      FieldMetadata.Builder metadata = FieldMetadata.builder();
      if (field.getComment().isDefined()) {
        metadata.putString("comment", field.getComment().get());
      }
      converted =
          converted.add(
              new StructField(
                  field.name(), type(field.dataType()), field.nullable(), metadata.build()));
    }
    return converted;
  }

  private static DataType type(org.apache.spark.sql.types.DataType type) {
    if (type instanceof org.apache.spark.sql.types.StructType struct) {
      return of(struct);
    }
    if (type instanceof org.apache.spark.sql.types.ArrayType array) {
      return new ArrayType(type(array.elementType()), array.containsNull());
    }
    if (type instanceof org.apache.spark.sql.types.MapType map) {
      return new MapType(type(map.keyType()), type(map.valueType()), map.valueContainsNull());
    }
    return Objects.requireNonNull(
        SCALARS.get(type.typeName()), () -> "no Delta Kernel type for " + type.sql());
  }

  /**
   * {@code found} with what it lacks of {@code declared} and what may be NULL, in structs as well,
   * where the declaration has it.
   */
  static StructType completed(StructType declared, StructType found) {
    List<StructField> fields = new ArrayList<>(found.fields());
    int place = 0;
    for (StructField field : declared.fields()) {
      int index = new StructType(fields).indexOf(field.getName());
      if (index >= 0) {
        fields.set(index, completed(field, fields.get(index)));
        place = index + 1;
      } else if (field.isNullable()) {
        fields.add(place, field);
        place++;
      }
    }
    return new StructType(fields);
  }

  private static StructField completed(StructField declared, StructField found) {
    return new StructField(
        found.getName(),
        completed(declared.getDataType(), found.getDataType()),
        found.isNullable(),
        found.getMetadata());
  }

  private static DataType completed(DataType declared, DataType found) {
    if (declared instanceof StructType struct && found instanceof StructType other) {
      return completed(struct, other);
    }
    if (declared instanceof ArrayType array && found instanceof ArrayType other) {
      return new ArrayType(
          completed(array.getElementType(), other.getElementType()), other.containsNull());
    }
    return found;
  }

  /** How {@code found} differs from {@code declared}; empty where they agree. */
  static List<String> differences(StructType declared, StructType found) {
    List<String> differences = new ArrayList<>();
    for (StructField field : declared.fields()) {
      int index = found.indexOf(field.getName());
      if (index < 0) {
        differences.add("column " + field.getName() + " is missing");
      } else {
        compare(field, found.at(index), differences);
      }
    }
    for (StructField field : found.fields()) {
      if (declared.indexOf(field.getName()) < 0) {
        differences.add("column " + field.getName() + " is not declared");
      }
    }
    return differences;
  }

  private static void compare(StructField declared, StructField found, List<String> differences) {
    if (!declared.getDataType().equivalent(found.getDataType())) {
      differences.add(
          "column %s is %s, declared %s"
              .formatted(declared.getName(), found.getDataType(), declared.getDataType()));
    }
    if (declared.isNullable() != found.isNullable()) {
      differences.add(
          "column %s %s, declared %s"
              .formatted(declared.getName(), nullability(found), nullability(declared)));
    }
  }

  private static String nullability(StructField field) {
    return field.isNullable() ? "may be NULL" : "is NOT NULL";
  }
}

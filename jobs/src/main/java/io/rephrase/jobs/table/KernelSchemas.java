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

package io.rephrase.jobs.table;

import io.rephrase.TableException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record into a row of a declared schema and back, component by column name: {@code
 * policyVersion} is {@code policy_version}.
 *
 * <p>{@code Optional} is a nullable column; {@code double[]} and a {@code double} in a nullable
 * column keep NaN as NULL; an enum is its {@link io.rephrase.data.Label}; a record is a struct; a
 * list of records is an array of structs. Serializable and thread-safe.
 */
public final class RecordCodec<T extends Record> implements Serializable {

  private static final long serialVersionUID = 1;

  private final Class<T> type;
  private final StructType schema;
  private transient volatile @Nullable RecordShape shape;

  private RecordCodec(Class<T> type, StructType schema) {
    this.type = type;
    this.schema = schema;
  }

  /**
   * A codec for all columns of {@code schema}.
   *
   * @throws TableException if a component has no column, a column no component, or the two differ
   *     in type or in being nullable; the message names every difference
   */
  public static <T extends Record> RecordCodec<T> of(Class<T> type, StructType schema) {
    List<String> differences = new ArrayList<>();
    RecordShape.compare(type, schema, "", differences);
    if (!differences.isEmpty()) {
      throw new TableException(
          "%s does not match its declared columns: %s; change the record or data-schemas so that both say the same"
              .formatted(type.getSimpleName(), String.join("; ", differences)));
    }
    return new RecordCodec<>(type, schema);
  }

  /**
   * A codec for those columns of {@code declared} that {@code type} has components for, within
   * structs too: what a reader of few columns asks for.
   *
   * @throws TableException as {@link #of} does
   */
  public static <T extends Record> RecordCodec<T> pruned(Class<T> type, StructType declared) {
    return of(type, RecordShape.prune(type, declared));
  }

  /** The declared columns, in order. */
  public StructType schema() {
    return schema;
  }

  /** Rows of {@link #schema()}, for {@code Dataset.mapPartitions}. */
  public Encoder<Row> encoder() {
    return Encoders.row(schema);
  }

  /** The row of {@code value}, its cells in the order of {@link #schema()}. */
  public Row toRow(T value) {
    return shape().toRow(value);
  }

  /**
   * The record of {@code row}, which needs the columns of {@link #schema()} by name, in any order.
   *
   * @throws TableException if the row breaks the record's own law; the message names both
   */
  public T fromRow(Row row) {
    return type.cast(shape().fromRow(row));
  }

  /** Snake case of a component's name. */
  public static String column(String component) {
    StringBuilder column = new StringBuilder();
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      if (Character.isUpperCase(c)) {
        column.append('_').append(Character.toLowerCase(c));
      } else {
        column.append(c);
      }
    }
    return column.toString();
  }

  private RecordShape shape() {
    RecordShape current = shape;
    if (current == null) {
      current = new RecordShape(type, schema);
      shape = current;
    }
    return current;
  }

  @Override
  public String toString() {
    List<String> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(field.name());
    }
    return Objects.toString(type.getSimpleName()) + columns;
  }
}

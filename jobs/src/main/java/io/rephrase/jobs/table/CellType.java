package io.rephrase.jobs.table;

import io.rephrase.TableException;
import io.rephrase.data.Label;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** How one component's value stands in a cell, and back. */
interface CellType {

  /** Where a column stands: its full name, and whether it is inside a struct of an array. */
  record Place(String column, boolean nested) {}

  @Nullable Object encode(Object value);

  /** The component's value; {@code column} is for messages. */
  @Nullable Object decode(@Nullable Object cell, String column);

  /** The cell type of a component that {@link #compare} found nothing against. */
  static CellType of(Type type, DataType column, boolean nullable) {
    if (type instanceof ParameterizedType generic) {
      Type argument = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return new OptionalCell(of(argument, column, false));
      }
      if (generic.getRawType() == Map.class) {
        return new MapCell();
      }
      return new ListCell(of(argument, ((ArrayType) column).elementType(), false));
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return new StructCell(new RecordShape(plain, (StructType) column));
    }
    if (plain.isEnum()) {
      return new LabelCell(plain);
    }
    if (plain == Instant.class) {
      return new InstantCell();
    }
    if (plain.isArray()) {
      return new ArrayCell(plain.getComponentType());
    }
    return plain == double.class && nullable ? new NanCell() : new PlainCell();
  }

  /** What keeps a component of {@code type} from being {@code field}. */
  static List<String> compare(Type type, StructField field, Place place) {
    List<String> differences = new ArrayList<>();
    boolean optional = raw(type) == Optional.class;
    boolean mayBeNull = optional || type == double.class;
    if (!place.nested() && optional && !field.nullable()) {
      differences.add("column " + place.column() + " is NOT NULL but the component is Optional");
    }
    if (!place.nested() && !mayBeNull && field.nullable()) {
      differences.add(
          "column " + place.column() + " may be NULL but the component is not Optional");
    }
    Type inner = optional ? argument(type) : type;
    compareTypes(inner, field.dataType(), place.column(), differences);
    return differences;
  }

  private static void compareTypes(
      Type type, DataType column, String name, List<String> differences) {
    Class<?> raw = raw(type);
    if (raw.isRecord() && column instanceof StructType struct) {
      RecordShape.compare(raw, struct, name + ".", differences);
    } else if (raw == List.class && column instanceof ArrayType array) {
      compareTypes(argument(type), array.elementType(), name, differences);
    } else if (!sqlOf(type).equals(column.sql())) {
      differences.add(
          "column %s is %s but the component needs %s".formatted(name, column.sql(), sqlOf(type)));
    }
  }

  private static String sqlOf(Type type) {
    Class<?> raw = raw(type);
    if (raw == Map.class) {
      return "MAP<STRING, STRING>";
    }
    if (raw.isArray()) {
      return "ARRAY<" + sqlOf(raw.getComponentType()) + ">";
    }
    if (raw == List.class) {
      return "ARRAY<" + sqlOf(argument(type)) + ">";
    }
    if (Label.class.isAssignableFrom(raw)) {
      return DataTypes.StringType.sql();
    }
    return Scalars.dataType(raw).map(DataType::sql).orElse("no column, " + raw.getSimpleName());
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  private static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }

  /** A NULL where the record allows none. */
  static Object present(@Nullable Object cell, String column) {
    if (cell == null) {
      throw new TableException(
          "column " + column + " is NULL in a row whose record needs a value; repair the table");
    }
    return cell;
  }

  /** Strings, numbers and booleans: the same in both worlds. */
  final class PlainCell implements CellType {
    @Override
    public Object encode(Object value) {
      return value;
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      return present(cell, column);
    }
  }

  /** A double that may be absent: NaN in memory, NULL in the table. */
  final class NanCell implements CellType {
    @Override
    public @Nullable Object encode(Object value) {
      return ((Double) value).isNaN() ? null : value;
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      return cell == null ? Double.NaN : cell;
    }
  }

  /** {@code Optional}: empty is NULL. */
  record OptionalCell(CellType inner) implements CellType {
    @Override
    public @Nullable Object encode(Object value) {
      return ((Optional<?>) value).map(inner::encode).orElse(null);
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      return cell == null
          ? Optional.empty()
          : Optional.of(present(inner.decode(cell, column), column));
    }
  }

  /** An instant, to the microsecond. */
  final class InstantCell implements CellType {
    @Override
    public Object encode(Object value) {
      return Timestamp.from((Instant) value);
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      Object present = present(cell, column);
      return present instanceof Timestamp timestamp ? timestamp.toInstant() : (Instant) present;
    }
  }

  /** An enum constant by its label. */
  record LabelCell(Class<?> type) implements CellType {
    @Override
    public Object encode(Object value) {
      return ((Label) value).label();
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      for (Object constant : type.getEnumConstants()) {
        if (((Label) constant).label().equals(cell)) {
          return constant;
        }
      }
      throw new TableException(
          "column %s holds \"%s\", which is no %s; was the table written by a newer version?"
              .formatted(column, present(cell, column), type.getSimpleName()));
    }
  }

  /** A map of strings. */
  final class MapCell implements CellType {
    @Override
    public Object encode(Object value) {
      return CollectionConverters.asScala((Map<?, ?>) value);
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      return present(cell, column) instanceof Map<?, ?> map
          ? map
          : CollectionConverters.asJava((scala.collection.Map<?, ?>) cell);
    }
  }

  /** A record as a struct. */
  record StructCell(RecordShape shape) implements CellType {
    @Override
    public Object encode(Object value) {
      return shape.toRow(value);
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      return shape.fromRow((Row) present(cell, column));
    }
  }

  /** A list as an array. */
  record ListCell(CellType element) implements CellType {
    @Override
    public Object encode(Object value) {
      return ((List<?>) value).stream().map(element::encode).toArray();
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      List<@Nullable Object> decoded = new ArrayList<>();
      for (Object each : Cells.elements(present(cell, column))) {
        decoded.add(element.decode(each, column));
      }
      return decoded;
    }
  }

  /** An array of numbers; NaN in {@code double[]} is NULL. */
  record ArrayCell(Class<?> element) implements CellType {
    @Override
    public Object encode(Object value) {
      return value instanceof double[] doubles ? Cells.nanToNull(doubles) : value;
    }

    @Override
    public Object decode(@Nullable Object cell, String column) {
      return Cells.primitive(present(cell, column), element, column);
    }
  }
}

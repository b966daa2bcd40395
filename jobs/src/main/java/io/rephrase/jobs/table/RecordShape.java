package io.rephrase.jobs.table;

import io.rephrase.TableException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A record class laid over a struct: one {@link CellType} a column, in the struct's order. */
final class RecordShape {

  private final Class<?> type;
  private final StructType schema;
  private final Constructor<?> constructor;
  private final CellType[] cells;
  private final RecordComponent[] components;
  private final int[] argumentOfColumn;

  RecordShape(Class<?> type, StructType schema) {
    this.type = type;
    this.schema = schema;
    this.constructor = canonicalConstructor(type);
    RecordComponent[] declared = type.getRecordComponents();
    Map<String, Integer> argumentByColumn = new LinkedHashMap<>();
    for (int i = 0; i < declared.length; i++) {
      argumentByColumn.put(RecordCodec.column(declared[i].getName()), i);
    }
    int columns = schema.size();
    cells = new CellType[columns];
    components = new RecordComponent[columns];
    argumentOfColumn = new int[columns];
    for (int i = 0; i < columns; i++) {
      StructField field = schema.fields()[i];
      argumentOfColumn[i] = Objects.requireNonNull(argumentByColumn.get(field.name()));
      components[i] = declared[argumentOfColumn[i]];
      cells[i] = CellType.of(components[i].getGenericType(), field.dataType(), field.nullable());
    }
  }

  /** Adds to {@code differences} whatever keeps {@code type} from being a row of {@code schema}. */
  static void compare(Class<?> type, StructType schema, String path, List<String> differences) {
    List<String> unseen = new ArrayList<>(List.of(schema.fieldNames()));
    for (RecordComponent component : type.getRecordComponents()) {
      String column = RecordCodec.column(component.getName());
      if (!unseen.remove(column)) {
        differences.add("component " + component.getName() + " has no column " + path + column);
        continue;
      }
      StructField field = schema.apply(column);
      CellType.compare(
              component.getGenericType(), field, new CellType.Place(path + column, !path.isEmpty()))
          .forEach(differences::add);
    }
    for (String column : unseen) {
      differences.add("column " + path + column + " has no component");
    }
  }

  /** The columns of {@code declared} that {@code type} names, in the declared order. */
  static StructType prune(Class<?> type, StructType declared) {
    Map<String, Type> wanted = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      wanted.put(RecordCodec.column(component.getName()), component.getGenericType());
    }
    StructType pruned = new StructType();
    for (StructField field : declared.fields()) {
      Type component = wanted.get(field.name());
      if (component != null) {
        pruned =
            pruned.add(
                new StructField(
                    field.name(),
                    pruneType(component, field.dataType()),
                    field.nullable(),
                    field.metadata()));
      }
    }
    return pruned;
  }

  private static DataType pruneType(Type component, DataType column) {
    if (column instanceof ArrayType array
        && component instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] instanceof Class<?> element
        && element.isRecord()) {
      return DataTypes.createArrayType(
          prune(element, (StructType) array.elementType()), array.containsNull());
    }
    return column;
  }

  Row toRow(Object value) {
    @Nullable Object[] row = new @Nullable Object[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] = cells[i].encode(component(components[i], value));
    }
    return RowFactory.create(row);
  }

  Object fromRow(Row row) {
    @Nullable Object[] arguments = new @Nullable Object[cells.length];
    for (int i = 0; i < cells.length; i++) {
      int ordinal = row.schema() == null ? i : row.fieldIndex(schema.fields()[i].name());
      arguments[argumentOfColumn[i]] = cells[i].decode(row.get(ordinal), schema.fields()[i].name());
    }
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      Throwable broken = Objects.requireNonNull(e.getCause());
      throw new TableException(
          "a row is no %s: %s; row %s"
              .formatted(type.getSimpleName(), broken.getMessage(), brief(row)),
          broken);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type.getName(), e);
    }
  }

  private static Object component(RecordComponent component, Object value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static Constructor<?> canonicalConstructor(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = components[i].getType();
    }
    try {
      return type.getConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type.getName() + " has no public canonical constructor", e);
    }
  }

  private static String brief(Row row) {
    String text = row.toString();
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }
}

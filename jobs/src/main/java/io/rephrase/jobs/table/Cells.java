package io.rephrase.jobs.table;

import io.rephrase.TableException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Array cells, in whichever of the forms Spark and Kernel hand them out. */
final class Cells {

  private Cells() {}

  /** The elements of an array cell: a Scala sequence, a Java collection or an object array. */
  static Collection<?> elements(Object cell) {
    if (cell instanceof Seq<?> seq) {
      return CollectionConverters.asJava(seq);
    }
    return cell instanceof Collection<?> collection ? collection : List.of((Object[]) cell);
  }

  static @Nullable Double[] nanToNull(double[] values) {
    @Nullable Double[] boxed = new @Nullable Double[values.length];
    for (int i = 0; i < values.length; i++) {
      boxed[i] = Double.isNaN(values[i]) ? null : values[i];
    }
    return boxed;
  }

  /** An array of {@code element}: {@code int}, {@code long}, {@code float} or {@code double}. */
  static Object primitive(Object cell, Class<?> element, String column) {
    if (cell.getClass().isArray() && cell.getClass().getComponentType() == element) {
      return cell;
    }
    Collection<?> boxed =
        cell instanceof Object[] objects ? Arrays.asList(objects) : elements(cell);
    if (element == int.class) {
      return boxed.stream().mapToInt(v -> (Integer) CellType.present(v, column)).toArray();
    }
    if (element == long.class) {
      return boxed.stream().mapToLong(v -> (Long) CellType.present(v, column)).toArray();
    }
    if (element == double.class) {
      return boxed.stream().mapToDouble(v -> v == null ? Double.NaN : (Double) v).toArray();
    }
    if (element == float.class) {
      return floats(boxed, column);
    }
    throw new TableException(
        "column "
            + column
            + ": arrays of "
            + element
            + " are not supported; use int, long, float or double");
  }

  private static float[] floats(Collection<?> boxed, String column) {
    float[] values = new float[boxed.size()];
    int i = 0;
    for (Object value : boxed) {
      values[i++] = (Float) CellType.present(value, column);
    }
    return values;
  }
}

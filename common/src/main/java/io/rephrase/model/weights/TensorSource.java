package io.rephrase.model.weights;

import java.nio.FloatBuffer;
import java.util.List;

/** A tensor to be written. */
public interface TensorSource {

  /** As it will stand in the header. */
  String name();

  /** Sizes by axis, row-major. */
  List<Long> shape();

  /** The numbers {@code [start, start + count)}, row-major. */
  FloatBuffer read(long start, int count);

  /** How many numbers it holds. */
  default long size() {
    return shape().stream().reduce(1L, (a, b) -> a * b);
  }
}

package io.rephrase.model.weights;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a tensor lies.
 *
 * @param name as in the header
 * @param file that holds it
 * @param type of its numbers
 * @param shape sizes by axis, row-major
 * @param start first byte, from the start of the file
 */
public record StoredTensor(String name, Path file, TensorType type, List<Long> shape, long start) {
  public StoredTensor {
    shape = List.copyOf(shape);
  }

  /** How many numbers it holds. */
  public long size() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }
}

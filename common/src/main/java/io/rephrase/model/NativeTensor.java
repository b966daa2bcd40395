package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import io.rephrase.model.weights.TensorSource;
import io.rephrase.torch.ScriptModule;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** A native array as a tensor to be written. */
record NativeTensor(String name, NDArray array) implements TensorSource {
  private static final ScriptModule KERNELS = ScriptModule.of("tensors");

  static List<Long> sizes(NDArray array) {
    return Arrays.stream(array.getShape().getShape()).boxed().toList();
  }

  @Override
  public List<Long> shape() {
    return sizes(array);
  }

  @Override
  public FloatBuffer read(long start, int count) {
    try (NDArray part =
        KERNELS.one(array.getManager(), "flat_slice", array, start, start + count)) {
      return FloatBuffer.wrap(part.toFloatArray());
    }
  }
}

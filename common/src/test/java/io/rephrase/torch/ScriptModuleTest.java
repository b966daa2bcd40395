package io.rephrase.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptModuleTest {
  private final ScriptModule tensors = ScriptModule.of("tensors");
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void listsAndNumbersReachTheKernel() {
    NDList terms =
        new NDList(manager.create(new float[] {1, 2}), manager.create(new float[] {10, 20}));
    // (1 + 10) * 0.5 and (2 + 20) * 0.5
    assertThat(tensors.one(manager, "scaled_sum", terms, 0.5).toFloatArray())
        .containsExactly(5.5f, 11f);
  }

  @Test
  void tuplesComeBackAsAList() {
    NDArray values = manager.create(new float[] {1, -2, 4});
    NDList sums = tensors.many(manager, "sum_and_absolute_sum", values);
    assertThat(sums.get(0).getDouble()).isEqualTo(3);
    assertThat(sums.get(1).getDouble()).isEqualTo(7);
  }

  @Test
  void numbersComeBackAsNumbers() {
    assertThat(tensors.number("largest", manager.create(new float[] {1, 9, 4}))).isEqualTo(9);
  }

  @Test
  void effectsShowInTheArgument() {
    NDArray target = manager.zeros(new Shape(2, 2));
    tensors.run("copy_slice", target, 1L, manager.create(new float[] {5, 6}));
    assertThat(target.toFloatArray()).containsExactly(0, 5, 6, 0);
  }

  @Test
  void resultsBelongToTheNamedOwner() {
    NDArray result;
    try (NDManager inner = manager.newSubManager()) {
      NDArray operand = inner.ones(new Shape(3));
      result = tensors.one(manager, "scaled_sum", new NDList(operand), 2.0);
    }
    assertThat(result.toFloatArray()).containsExactly(2, 2, 2);
  }

  @Test
  void gradientsFlowThroughRecordingCallsOnly() {
    NDArray leaf = manager.ones(new Shape(2));
    leaf.setRequiresGradient(true);
    NDList inputs = new NDList(leaf);
    NDList outputGradients = new NDList(manager.create(new float[] {1, 10}));
    NDList recorded =
        new NDList(tensors.recording().one(manager, "scaled_sum", new NDList(leaf, leaf), 2.0));
    // y = 2 x + 2 x, so dx = 4 dy
    assertThat(
            tensors
                .many(manager, "gradients", recorded, inputs, outputGradients)
                .singletonOrThrow()
                .toFloatArray())
        .containsExactly(4, 40);
    NDList unrecorded = new NDList(tensors.one(manager, "scaled_sum", new NDList(leaf), 2.0));
    assertThatThrownBy(
            () -> tensors.many(manager, "gradients", unrecorded, inputs, outputGradients))
        .hasMessageContaining("does not require grad");
  }

  @Test
  void unknownArgumentsAndKernelsAreRefused() {
    assertThatThrownBy(() -> tensors.run("largest", "text"))
        .hasMessageContaining("kernel largest, argument 0: must be an NDArray")
        .hasMessageContaining("java.lang.String");
    assertThatThrownBy(() -> ScriptModule.of("absent"))
        .hasMessage("no kernels absent.py.txt on the class path");
  }
}

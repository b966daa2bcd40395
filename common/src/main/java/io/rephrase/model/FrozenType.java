package io.rephrase.model;

import io.rephrase.model.weights.StoredTensor;
import io.rephrase.model.weights.TensorType;

/** How weights that nothing changes are held. */
enum FrozenType {
  /** As float32, whatever the file holds. */
  FLOAT32,

  /**
   * Matrices that the file holds as bfloat16 stay so, and multiply as bfloat16: half the memory,
   * and nothing is lost. The head stays float32, for bfloat16 logits have three digits.
   */
  AS_STORED;

  TensorType of(StoredTensor tensor, String headName) {
    boolean narrow =
        this == AS_STORED
            && tensor.type() == TensorType.BF16
            && tensor.shape().size() == 2
            && !tensor.name().equals(headName);
    return narrow ? TensorType.BF16 : TensorType.F32;
  }
}

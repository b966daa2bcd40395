package io.rephrase.model.weights;

import java.nio.FloatBuffer;

/** Takes the numbers of a tensor, piece by piece. */
@FunctionalInterface
public interface FloatSink {

  /**
   * @param start index of the piece's first number in the tensor
   * @param piece numbers, valid during this call only; a direct buffer in native byte order
   */
  void accept(long start, FloatBuffer piece);
}

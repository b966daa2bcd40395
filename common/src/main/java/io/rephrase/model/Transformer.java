package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.rephrase.torch.ScriptModule;

/**
 * The body of a decoder-only transformer over packed rows: embedding, blocks, final norm. Arrays of
 * one pass belong to a manager that the caller closes.
 */
final class Transformer {
  private static final ScriptModule KERNELS = ScriptModule.of("transformer");

  private final ModelWeights weights;
  private final LoraAdapters adapters;

  Transformer(ModelWeights weights, LoraAdapters adapters) {
    this.weights = weights;
    this.adapters = adapters;
  }

  /**
   * The packed rows as the kernels want them.
   *
   * @param ids [N]
   * @param cosines of each token's position, [N, 1, D]
   * @param sines of each token's position, [N, 1, D]
   * @param scored indices into [N], [C]
   * @param rows what they were made of
   */
  record Tokens(NDArray ids, NDArray cosines, NDArray sines, NDArray scored, PackedRows rows) {}

  Tokens tokens(NDManager pass, PackedRows rows) {
    NDArray positions = pass.create(rows.positions(), new Shape(rows.positions().length));
    return new Tokens(
        pass.create(rows.ids(), new Shape(rows.ids().length)),
        KERNELS.one(pass, "rope_rows", weights.cosines(), positions),
        KERNELS.one(pass, "rope_rows", weights.sines(), positions),
        pass.create(rows.scored(), new Shape(rows.scored().length)),
        rows);
  }

  NDArray embed(NDManager pass, Tokens tokens) {
    return KERNELS.one(pass, "embed", weights.embedding(), tokens.ids());
  }

  /** Adds the gradient that reached the embedded tokens, [N, E], to the embedding's, if any. */
  void embedBackward(Tokens tokens, NDArray gradient, NDArray buffer) {
    KERNELS.run("embed_gradient", buffer, tokens.ids(), gradient);
  }

  /** One block, [N, E] to [N, E]. */
  NDArray layer(NDManager pass, Tokens tokens, int layer, NDArray input) {
    return layer(KERNELS, pass, tokens, layer, input);
  }

  /** One block, remembering how it came about. */
  NDArray recordedLayer(NDManager pass, Tokens tokens, int layer, NDArray input) {
    return layer(KERNELS.recording(), pass, tokens, layer, input);
  }

  private NDArray layer(
      ScriptModule kernels, NDManager pass, Tokens tokens, int layer, NDArray input) {
    return kernels.one(
        pass,
        weights.family().layerKernel(),
        input,
        tokens.cosines(),
        tokens.sines(),
        tokens.rows().counts(),
        tokens.rows().lengths(),
        weights.layer(layer),
        weights.normEpsilon(),
        adapters.layer(layer),
        adapters.scale());
  }

  /** Final norm of the scored tokens, divided by the temperature: [N, E] to [C, E]. */
  NDArray finalHidden(NDManager pass, Tokens tokens, NDArray input, double temperature) {
    return finalHidden(KERNELS, pass, tokens, input, temperature);
  }

  /** The same, remembering how it came about. */
  NDArray recordedFinalHidden(NDManager pass, Tokens tokens, NDArray input, double temperature) {
    return finalHidden(KERNELS.recording(), pass, tokens, input, temperature);
  }

  private NDArray finalHidden(
      ScriptModule kernels, NDManager pass, Tokens tokens, NDArray input, double temperature) {
    return kernels.one(
        pass,
        "final_hidden",
        input,
        tokens.scored(),
        weights.finalNorm(),
        weights.normEpsilon(),
        1 / temperature);
  }

  /**
   * Carries a gradient back through one recorded step.
   *
   * @param recorded what the step made, and the gradient with respect to it
   * @param input leaf that the step started from
   * @param parameters weights that the step used
   * @param buffers of their gradients, added to
   * @return gradient with respect to the input
   */
  NDArray backward(
      NDManager pass, Recorded recorded, NDArray input, NDList parameters, NDList buffers) {
    return KERNELS.one(
        pass, "backward", recorded.output(), recorded.gradient(), input, parameters, buffers);
  }

  /** The output of a recorded step and the loss's gradient with respect to it. */
  record Recorded(NDArray output, NDArray gradient) {}

  /** Scores' forward pass, keeping nothing but the result: [C, E]. */
  NDArray hidden(NDManager pass, PackedRows rows, double temperature) {
    Tokens tokens = tokens(pass, rows);
    NDArray state = embed(pass, tokens);
    for (int layer = 0; layer < weights.config().layers(); layer++) {
      NDArray next = layer(pass, tokens, layer, state);
      state.close();
      state = next;
    }
    NDArray hidden = finalHidden(pass, tokens, state, temperature);
    state.close();
    return hidden;
  }
}

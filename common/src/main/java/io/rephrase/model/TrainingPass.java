package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward and backward of some rows. Each block starts from a leaf of its own, so that the way back
 * takes block by block and gives its memory free at once. A pass that recomputes keeps the leaves
 * alone and runs each block again (Chen et al., arXiv 1604.06174); the gradient is the same.
 */
final class TrainingPass {
  private final Transformer transformer;
  private final ModelWeights weights;
  private final PolicyHead head;
  private final TrainingState state;

  TrainingPass(
      Transformer transformer, ModelWeights weights, PolicyHead head, TrainingState state) {
    this.transformer = transformer;
    this.weights = weights;
    this.head = head;
    this.state = state;
  }

  /** What a pass keeps of its way through the blocks. */
  private record Trace(List<NDArray> inputs, List<NDArray> outputs) {}

  /** Rows, the temperature and the loss of one pass. */
  record Task(PackedRows rows, double temperature, ScoreGradient loss) {}

  /** Keeps every block's intermediate results. */
  List<TokenScores> keeping(NDManager owner, Task task) {
    try (NDManager pass = owner.newSubManager()) {
      Transformer.Tokens tokens = transformer.tokens(pass, task.rows());
      Trace trace = new Trace(new ArrayList<>(), new ArrayList<>());
      NDArray input = leaf(transformer.embed(pass, tokens));
      for (int layer = 0; layer < weights.config().layers(); layer++) {
        trace.inputs().add(input);
        NDArray output = transformer.recordedLayer(pass, tokens, layer, input);
        trace.outputs().add(output);
        input = leaf(output);
      }
      return finish(pass, tokens, trace, input, task);
    }
  }

  /** Keeps every block's input alone. */
  List<TokenScores> recomputing(NDManager owner, Task task) {
    try (NDManager pass = owner.newSubManager()) {
      Transformer.Tokens tokens = transformer.tokens(pass, task.rows());
      Trace trace = new Trace(new ArrayList<>(), new ArrayList<>());
      NDArray input = leaf(transformer.embed(pass, tokens));
      for (int layer = 0; layer < weights.config().layers(); layer++) {
        trace.inputs().add(input);
        input = leaf(transformer.layer(pass, tokens, layer, input));
      }
      return finish(pass, tokens, trace, input, task);
    }
  }

  private List<TokenScores> finish(
      NDManager pass, Transformer.Tokens tokens, Trace trace, NDArray last, Task task) {
    NDArray hidden = transformer.recordedFinalHidden(pass, tokens, last, task.temperature());
    HeadPass headPass = new HeadPass(head, pass, hidden.stopGradient(), task.rows());
    headPass.run(task.loss(), state.gradientOrNothing(weights.headName()));
    if (headPass.hasGradient()) {
      NDArray gradient =
          transformer.backward(
              pass,
              new Transformer.Recorded(hidden, headPass.gradient()),
              last,
              state.weightOf(Architecture.FINAL_NORM),
              state.gradientOf(Architecture.FINAL_NORM));
      NDArray reached = throughBlocks(pass, tokens, trace, gradient);
      transformer.embedBackward(tokens, reached, state.gradientOrNothing(Architecture.EMBEDDING));
    }
    return headPass.scores();
  }

  private NDArray throughBlocks(
      NDManager pass, Transformer.Tokens tokens, Trace trace, NDArray last) {
    NDArray gradient = last;
    for (int layer = weights.config().layers() - 1; layer >= 0; layer--) {
      NDArray input = trace.inputs().get(layer);
      NDArray output =
          trace.outputs().isEmpty()
              ? transformer.recordedLayer(pass, tokens, layer, input)
              : trace.outputs().get(layer);
      NDArray next =
          transformer.backward(
              pass,
              new Transformer.Recorded(output, gradient),
              input,
              state.layerWeights(layer),
              state.layerGradients(layer));
      output.close();
      input.close();
      gradient.close();
      gradient = next;
    }
    return gradient;
  }

  private static NDArray leaf(NDArray array) {
    NDArray leaf = array.stopGradient();
    leaf.setRequiresGradient(true);
    return leaf;
  }
}

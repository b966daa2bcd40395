package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What of a model training changes: all of its weights, or the adapters beside them.
 *
 * @param byName every array that is trained
 * @param layers number of blocks
 * @param namesOfLayer those of one block, in the order that its gradients are kept
 * @param changed called after each update
 */
record TrainedWeights(
    Map<String, NDArray> byName,
    int layers,
    IntFunction<List<String>> namesOfLayer,
    Runnable changed) {

  /** The whole model. */
  static TrainedWeights all(ModelWeights weights) {
    List<LayerWeight> roles = weights.family().layerWeights();
    return new TrainedWeights(
        weights.byName(),
        weights.config().layers(),
        layer -> roles.stream().map(role -> role.tensorName(layer)).toList(),
        weights::changed);
  }

  /** Adapters alone: the model's own weights stay as they are. */
  static TrainedWeights of(LoraAdapters adapters, ModelConfig config) {
    return new TrainedWeights(adapters.byName(), config.layers(), adapters::names, () -> {});
  }
}

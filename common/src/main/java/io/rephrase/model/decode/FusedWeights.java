package io.rephrase.model.decode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rephrase.model.LayerWeight;
import io.rephrase.model.ModelWeights;
import io.rephrase.torch.ScriptModule;
import java.util.Optional;

/**
 * A model's matrices as the kernels of decoding want them: query, key and value in one, all of them
 * packed. Ten entries a layer, empty where the family has none. A copy: made anew when the weights'
 * version moves.
 */
final class FusedWeights implements AutoCloseable {
  private final ScriptModule kernels;
  private final int rows;
  private final NDManager manager;
  private final NDList all = new NDList();
  private final NDList tables;
  private final long version;

  /**
   * @param rows that most products will have; they may have any number
   */
  FusedWeights(ScriptModule kernels, ModelWeights weights, int rows, NDManager parent) {
    this.kernels = kernels;
    this.rows = rows;
    this.manager = parent.newSubManager();
    this.version = weights.version();
    for (int layer = 0; layer < weights.config().layers(); layer++) {
      add(weights, layer);
    }
    this.tables =
        new NDList(
            weights.embedding(),
            weights.finalNorm(),
            kernels.one(manager, "pack", new NDList(weights.head()), rows),
            weights.cosines(),
            weights.sines(),
            nothing());
  }

  private void add(ModelWeights weights, int layer) {
    all.add(of(weights, layer, LayerWeight.INPUT_NORM));
    all.add(fuse(weights, layer, LayerWeight.QUERY, LayerWeight.KEY, LayerWeight.VALUE));
    all.add(biases(weights, layer));
    all.add(fuse(weights, layer, LayerWeight.OUTPUT));
    all.add(of(weights, layer, LayerWeight.FEED_FORWARD_NORM));
    all.add(fuse(weights, layer, LayerWeight.GATE));
    all.add(fuse(weights, layer, LayerWeight.UP));
    all.add(fuse(weights, layer, LayerWeight.DOWN));
    all.add(of(weights, layer, LayerWeight.QUERY_NORM));
    all.add(of(weights, layer, LayerWeight.KEY_NORM));
  }

  private NDArray of(ModelWeights weights, int layer, LayerWeight role) {
    Optional<NDArray> weight = weights.layer(layer, role);
    return weight.orElseGet(this::nothing);
  }

  private NDArray nothing() {
    return manager.zeros(new Shape(0), DataType.FLOAT32);
  }

  private NDArray biases(ModelWeights weights, int layer) {
    NDList parts = parts(weights, layer, LayerWeight.QUERY_BIAS, LayerWeight.KEY_BIAS);
    weights.layer(layer, LayerWeight.VALUE_BIAS).ifPresent(parts::add);
    return parts.isEmpty() ? nothing() : kernels.one(manager, "join", parts);
  }

  private NDArray fuse(ModelWeights weights, int layer, LayerWeight... roles) {
    return kernels.one(manager, "pack", parts(weights, layer, roles), rows);
  }

  private static NDList parts(ModelWeights weights, int layer, LayerWeight... roles) {
    NDList parts = new NDList();
    for (LayerWeight role : roles) {
      weights.layer(layer, role).ifPresent(parts::add);
    }
    return parts;
  }

  /** Ten arrays a layer, in the order of the kernels. */
  NDList layers() {
    return all;
  }

  /** Embedding, final norm, packed head, cosines, sines; no bias of the head. */
  NDList tables() {
    return tables;
  }

  /** Of the weights they were made of. */
  long version() {
    return version;
  }

  @Override
  public void close() {
    manager.close();
  }
}

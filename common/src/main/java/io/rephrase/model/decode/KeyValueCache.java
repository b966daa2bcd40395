package io.rephrase.model.decode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rephrase.model.ModelConfig;
import io.rephrase.torch.ScriptModule;

/**
 * Keys and values of every layer, [slots, S, K, D] each, S growing by blocks up to the context.
 * Owns its arrays; not thread-safe.
 */
final class KeyValueCache implements AutoCloseable {
  private static final int BLOCK_TOKENS = 128;

  private final ScriptModule kernels;
  private final ModelConfig config;
  private final NDManager manager;
  private final NDList keys = new NDList();
  private final NDList values = new NDList();
  private int tokens;

  KeyValueCache(ScriptModule kernels, ModelConfig config, int slots, NDManager parent) {
    this.kernels = kernels;
    this.config = config;
    this.manager = parent.newSubManager();
    this.tokens = Math.min(BLOCK_TOKENS, config.contextTokens());
    Shape shape = new Shape(slots, tokens, config.keyValueHeads(), config.headSize());
    for (int layer = 0; layer < config.layers(); layer++) {
      keys.add(manager.zeros(shape, DataType.FLOAT32));
      values.add(manager.zeros(shape, DataType.FLOAT32));
    }
  }

  NDList keys() {
    return keys;
  }

  NDList values() {
    return values;
  }

  /** Makes room for so many tokens in every slot; what is there stays. */
  void reserve(int wantedTokens) {
    if (wantedTokens <= tokens) {
      return;
    }
    int blocks = (wantedTokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
    int longer = Math.min(blocks * BLOCK_TOKENS, config.contextTokens());
    grow(keys, longer - tokens);
    grow(values, longer - tokens);
    tokens = longer;
  }

  private void grow(NDList caches, int extra) {
    for (int layer = 0; layer < caches.size(); layer++) {
      NDArray old = caches.get(layer);
      caches.set(layer, kernels.one(manager, "longer", old, extra));
      old.close();
    }
  }

  /** Copies the first tokens of one slot to another. */
  void copy(int source, int target, int lengthTokens) {
    kernels.run("copy_slot", keys, source, target, lengthTokens);
    kernels.run("copy_slot", values, source, target, lengthTokens);
  }

  @Override
  public void close() {
    manager.close();
  }
}

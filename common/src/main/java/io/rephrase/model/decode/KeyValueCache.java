package io.rephrase.model.decode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rephrase.model.ModelConfig;
import io.rephrase.torch.NativeHeap;
import io.rephrase.torch.ScriptModule;

/**
 * Keys and values of every layer, [slots, S, K, D] each: as many slots as were asked for, S in
 * blocks up to the context. Empty at first. Owns its arrays; not thread-safe.
 */
final class KeyValueCache implements AutoCloseable {
  private static final int BLOCK_TOKENS = 128;

  /** A smaller cache leaves nothing behind that is worth the call. */
  private static final long GIVEN_BACK_BYTES = 64L << 20;

  private final ScriptModule kernels;
  private final ModelConfig config;
  private final NDManager manager;
  private final NDList keys = new NDList();
  private final NDList values = new NDList();
  private int slots;
  private int tokens;

  KeyValueCache(ScriptModule kernels, ModelConfig config, NDManager parent) {
    this.kernels = kernels;
    this.config = config;
    this.manager = parent.newSubManager();
    Shape shape = new Shape(0, 0, config.keyValueHeads(), config.headSize());
    for (int layer = 0; layer < config.layers(); layer++) {
      keys.add(manager.zeros(shape, DataType.FLOAT32));
      values.add(manager.zeros(shape, DataType.FLOAT32));
    }
  }

  /** Tokens that a slot holds where so many are asked for. */
  static int heldTokens(ModelConfig config, int wantedTokens) {
    int blocks = (wantedTokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
    return Math.min(blocks * BLOCK_TOKENS, config.contextTokens());
  }

  NDList keys() {
    return keys;
  }

  NDList values() {
    return values;
  }

  int slots() {
    return slots;
  }

  /** Of each slot. */
  int tokens() {
    return tokens;
  }

  /**
   * Makes room for so many slots of so many tokens. Where they do not fit as it is, every array is
   * made anew for just these, one after the other, and what lies beyond them is gone.
   *
   * @return whether arrays were made anew
   */
  boolean fit(int wantedSlots, int wantedTokens) {
    if (wantedSlots <= slots && wantedTokens <= tokens) {
      return false;
    }
    slots = wantedSlots;
    tokens = heldTokens(config, wantedTokens);
    resize(keys);
    resize(values);
    return true;
  }

  private void resize(NDList caches) {
    for (int layer = 0; layer < caches.size(); layer++) {
      NDArray old = caches.get(layer);
      caches.set(layer, kernels.one(manager, "resized", old, slots, tokens));
      old.close();
    }
    if (Decoder.cacheBytes(config, slots, tokens) >= GIVEN_BACK_BYTES) {
      NativeHeap.giveBack();
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

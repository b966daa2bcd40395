package io.rephrase.model;

import java.util.ArrayList;
import java.util.List;

/**
 * How a family of decoder-only transformers departs from the common block: pre-norm attention with
 * rotary positions, then a gated feed-forward. Stateless.
 */
public interface ModelFamily {

  /** Method of the {@code transformer} kernels that computes one block. */
  String layerKernel();

  /** Weights of a block beyond {@link LayerWeight#COMMON}, in the order the kernel expects. */
  List<LayerWeight> ownWeights();

  /** Refuses what the kernel does not compute; the message names the key and its value. */
  void check(ConfigFile config);

  /** All weights of a block, in the order the kernel expects. */
  default List<LayerWeight> layerWeights() {
    List<LayerWeight> all = new ArrayList<>(LayerWeight.COMMON);
    all.addAll(ownWeights());
    return List.copyOf(all);
  }
}

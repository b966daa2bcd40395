package io.rephrase.model.qwen3;

import io.rephrase.model.ConfigFile;
import io.rephrase.model.LayerWeight;
import io.rephrase.model.ModelFamily;
import java.util.List;

/**
 * Qwen3 (arXiv 2505.09388): queries and keys are normalised head by head before they are rotated.
 */
public final class Qwen3Family implements ModelFamily {

  @Override
  public String layerKernel() {
    return "qwen3_layer";
  }

  @Override
  public List<LayerWeight> ownWeights() {
    return List.of(LayerWeight.QUERY_NORM, LayerWeight.KEY_NORM);
  }

  @Override
  public void check(ConfigFile config) {
    config.refuseTrue("attention_bias");
    config.refuseTrue("use_sliding_window");
    config.refuseSlidingLayers();
  }
}

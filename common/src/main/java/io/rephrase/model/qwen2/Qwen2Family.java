package io.rephrase.model.qwen2;

import io.rephrase.model.ConfigFile;
import io.rephrase.model.LayerWeight;
import io.rephrase.model.ModelFamily;
import java.util.List;

/** Qwen2 and Qwen2.5 (arXiv 2407.10671): biases on query, key and value. */
public final class Qwen2Family implements ModelFamily {

  @Override
  public String layerKernel() {
    return "qwen2_layer";
  }

  @Override
  public List<LayerWeight> ownWeights() {
    return List.of(LayerWeight.QUERY_BIAS, LayerWeight.KEY_BIAS, LayerWeight.VALUE_BIAS);
  }

  @Override
  public void check(ConfigFile config) {
    config.refuseTrue("use_sliding_window");
    config.refuseSlidingLayers();
  }
}

package io.rephrase.model.llama;

import io.rephrase.model.ConfigFile;
import io.rephrase.model.LayerWeight;
import io.rephrase.model.ModelFamily;
import java.util.List;

/** Llama 2 and 3, SmolLM and their kin (arXiv 2307.09288, 2407.21783): the common block itself. */
public final class LlamaFamily implements ModelFamily {

  @Override
  public String layerKernel() {
    return "llama_layer";
  }

  @Override
  public List<LayerWeight> ownWeights() {
    return List.of();
  }

  @Override
  public void check(ConfigFile config) {
    config.refuseTrue("attention_bias");
    config.refuseTrue("mlp_bias");
    config.refusePresent("sliding_window");
    config.refuseSlidingLayers();
  }
}

package io.rephrase.model;

import io.rephrase.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear module of a block, and its adapter's tensors under the names that PEFT gives them.
 *
 * @param layer number of the block
 * @param weight which of its matrices
 */
record LoraModule(int layer, LayerWeight weight) {
  private static final String PREFIX = "base_model.model.";

  /** All linear modules of a model, in its order. */
  static List<LoraModule> all(ModelConfig config) {
    List<LoraModule> modules = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LayerWeight weight : LayerWeight.COMMON) {
        if (weight.shape(config).size() == 2) {
          modules.add(new LoraModule(layer, weight));
        }
      }
    }
    return List.copyOf(modules);
  }

  /** Those that a target names, by PEFT's rule: the name itself, or its end after a dot. */
  static List<LoraModule> matching(LoraSettings settings, ModelConfig config) {
    List<LoraModule> all = all(config);
    if (settings.targets().isEmpty()) {
      throw new ConfigurationException(
          "LoRA needs at least one target, got []; the linear modules are " + ends());
    }
    for (String target : settings.targets()) {
      if (all.stream().noneMatch(module -> module.isNamed(target))) {
        throw new ConfigurationException(
            "LoRA target \"%s\" matches no module: a target is the name of a linear module, or the end of one after a dot; there are %s in model.layers.0 to model.layers.%d"
                .formatted(target, ends(), config.layers() - 1));
      }
    }
    List<LoraModule> chosen =
        all.stream()
            .filter(module -> settings.targets().stream().anyMatch(module::isNamed))
            .toList();
    for (LoraModule module : chosen) {
      long smaller = Math.min(module.inputs(config), module.outputs(config));
      if (settings.rank() > smaller) {
        throw new ConfigurationException(
            "LoRA rank %d is larger than %s allows, which is [%d, %d]: choose a rank of at most %d, or train the whole model"
                .formatted(
                    settings.rank(),
                    module.name(),
                    module.outputs(config),
                    module.inputs(config),
                    smaller));
      }
    }
    return chosen;
  }

  private static String ends() {
    return LayerWeight.COMMON.stream()
        .filter(weight -> weight.moduleName(0).endsWith("_proj"))
        .map(weight -> weight.moduleName(0).substring("model.layers.0.".length()))
        .toList()
        .toString();
  }

  private boolean isNamed(String target) {
    return name().equals(target) || name().endsWith("." + target);
  }

  /** As in the model: {@code model.layers.0.self_attn.q_proj}. */
  String name() {
    return weight.moduleName(layer);
  }

  String downName() {
    return PREFIX + name() + ".lora_A.weight";
  }

  String upName() {
    return PREFIX + name() + ".lora_B.weight";
  }

  long inputs(ModelConfig config) {
    return weight.shape(config).get(1);
  }

  long outputs(ModelConfig config) {
    return weight.shape(config).get(0);
  }

  /** Of A, [rank, in]. */
  List<Long> downShape(ModelConfig config, int rank) {
    return List.of((long) rank, inputs(config));
  }

  /** Of B, [out, rank]. */
  List<Long> upShape(ModelConfig config, int rank) {
    return List.of(outputs(config), (long) rank);
  }
}

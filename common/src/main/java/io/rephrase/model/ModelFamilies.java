package io.rephrase.model;

import io.rephrase.model.llama.LlamaFamily;
import io.rephrase.model.qwen2.Qwen2Family;
import io.rephrase.model.qwen3.Qwen3Family;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The families that can be opened, by the {@code model_type} of config.json. */
enum ModelFamilies {
  LLAMA("llama", new LlamaFamily()),
  QWEN2("qwen2", new Qwen2Family()),
  QWEN3("qwen3", new Qwen3Family());

  private final String modelType;
  private final ModelFamily family;

  ModelFamilies(String modelType, ModelFamily family) {
    this.modelType = modelType;
    this.family = family;
  }

  static ModelFamily of(ConfigFile config) {
    String wanted = config.text("model_type").orElse("nothing");
    return Arrays.stream(values())
        .filter(entry -> entry.modelType.equals(wanted))
        .findFirst()
        .orElseThrow(() -> config.wrong("model_type", "one of " + known(), wanted))
        .family;
  }

  private static String known() {
    return Arrays.stream(values()).map(entry -> entry.modelType).collect(Collectors.joining(", "));
  }
}

package io.rephrase.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What PEFT's {@code adapter_config.json} says of an adapter.
 *
 * @param base folder of the model that it changes, {@code base_model_name_or_path}
 * @param rank r
 * @param alpha lora_alpha
 * @param targets target_modules
 */
record AdapterConfig(String base, int rank, double alpha, List<String> targets) {
  static final String FILE = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  AdapterConfig {
    targets = List.copyOf(targets);
  }

  /** Whether a folder holds an adapter. */
  static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE));
  }

  /**
   * Reads a folder's adapter_config.json.
   *
   * @throws io.rephrase.CheckpointException if it is missing, or asks for what we do not compute
   */
  static AdapterConfig read(Path folder) {
    ConfigFile file = ConfigFile.read(folder.resolve(FILE));
    String type = file.text("peft_type").orElse("LORA");
    if (!type.equals("LORA")) {
      throw file.wrong("peft_type", "LORA", type);
    }
    String bias = file.text("bias").orElse("none");
    if (!bias.equals("none")) {
      throw file.wrong("bias", "none: biases are not trained", bias);
    }
    file.refuseTrue("lora_bias");
    file.refuseTrue("use_dora");
    file.refuseTrue("use_rslora");
    file.refuseTrue("fan_in_fan_out");
    file.refusePresent("layer_replication");
    file.refuseEntries("rank_pattern");
    file.refuseEntries("alpha_pattern");
    return new AdapterConfig(
        file.text("base_model_name_or_path").orElse(""),
        file.size("r"),
        file.positive("lora_alpha").orElse(8.0),
        file.textOrTexts("target_modules"));
  }

  /** The same for a base that is elsewhere by now. */
  AdapterConfig on(String otherBase) {
    return new AdapterConfig(otherBase, rank, alpha, targets);
  }

  double scale() {
    return alpha / rank;
  }

  void write(Path folder) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("peft_type", "LORA");
    json.addProperty("task_type", "CAUSAL_LM");
    json.addProperty("base_model_name_or_path", base);
    json.add("revision", JsonNull.INSTANCE);
    json.addProperty("r", rank);
    if (alpha == Math.rint(alpha)) {
      json.addProperty("lora_alpha", (long) alpha);
    } else {
      json.addProperty("lora_alpha", alpha);
    }
    json.addProperty("lora_dropout", 0.0);
    json.add("target_modules", GSON.toJsonTree(targets));
    json.add("modules_to_save", JsonNull.INSTANCE);
    json.addProperty("bias", "none");
    json.addProperty("fan_in_fan_out", false);
    json.addProperty("init_lora_weights", true);
    json.addProperty("use_rslora", false);
    json.addProperty("use_dora", false);
    json.add("rank_pattern", new JsonObject());
    json.add("alpha_pattern", new JsonObject());
    json.addProperty("inference_mode", true);
    FolderWriter.writeText(folder.resolve(FILE), GSON.toJson(json));
  }
}

package io.rephrase.model;

import io.rephrase.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What config.json and generation_config.json say of a model, checked.
 *
 * @param config sizes and ids that consumers may know
 * @param family how its block is computed
 * @param rotary its positions
 * @param normEpsilon of every RMS norm
 * @param tiedEmbeddings whether the head is the embedding
 * @param file config.json itself
 */
record Architecture(
    ModelConfig config,
    ModelFamily family,
    RotaryEmbedding rotary,
    double normEpsilon,
    boolean tiedEmbeddings,
    ConfigFile file) {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String FINAL_NORM = "model.norm.weight";
  static final String HEAD = "lm_head.weight";

  /** Beyond it the tables of rotary positions alone would take gigabytes. */
  private static final int MAX_CONTEXT_TOKENS = 1 << 22;

  /**
   * Reads a checkpoint folder's configuration.
   *
   * @throws io.rephrase.CheckpointException if it asks for anything that we do not compute
   */
  static Architecture of(Path folder) {
    ConfigFile file = ConfigFile.read(folder.resolve("config.json"));
    ModelFamily family = ModelFamilies.of(file);
    checkCommon(file);
    family.check(file);
    ModelConfig config = sizes(file, eosTokenIds(folder, file), 0);
    checkEnds(folder, config);
    boolean tied = file.flag("tie_word_embeddings");
    Architecture uncounted =
        new Architecture(
            config,
            family,
            RotaryEmbedding.of(file, config.headSize()),
            file.positive("rms_norm_eps").orElse(1e-6),
            tied,
            file);
    return uncounted.counted();
  }

  /** Whether the weights of the one can take the place of the other's and nothing else changes. */
  boolean computesAs(Architecture other) {
    return config.equals(other.config)
        && family == other.family
        && Arrays.equals(rotary.inverseFrequencies(), other.rotary.inverseFrequencies())
        && normEpsilon == other.normEpsilon
        && tiedEmbeddings == other.tiedEmbeddings;
  }

  private Architecture counted() {
    long parameters =
        shapes().values().stream()
            .mapToLong(shape -> shape.stream().reduce(1L, (a, b) -> a * b))
            .sum();
    return new Architecture(
        sizes(file, config.eosTokenIds(), parameters),
        family,
        rotary,
        normEpsilon,
        tiedEmbeddings,
        file);
  }

  private static void checkCommon(ConfigFile file) {
    String activation = file.text("hidden_act").orElse("silu");
    if (!activation.equals("silu")) {
      throw file.wrong("hidden_act", "silu", activation);
    }
    file.object("quantization_config")
        .ifPresent(
            quantized -> {
              throw file.wrong("quantization_config", "absent: weights must be floats", "one");
            });
  }

  private static void checkEnds(Path folder, ModelConfig config) {
    for (int id : config.eosTokenIds()) {
      if (id < 0 || id >= config.vocabularySize()) {
        throw new CheckpointException(
            "%s: eos_token_id must be in [0, vocab_size = %d), got %d; use files that belong to one model"
                .formatted(folder, config.vocabularySize(), id));
      }
    }
  }

  private static ModelConfig sizes(ConfigFile file, List<Integer> eosTokenIds, long parameters) {
    int hidden = file.size("hidden_size");
    int heads = file.size("num_attention_heads");
    int keyValueHeads = file.optionalSize("num_key_value_heads").orElse(heads);
    if (heads % keyValueHeads != 0) {
      throw file.wrong(
          "num_key_value_heads",
          "a divisor of num_attention_heads = " + heads,
          String.valueOf(keyValueHeads));
    }
    int headSize = file.optionalSize("head_dim").orElse(hidden / heads);
    if (headSize % 2 != 0 || headSize == 0) {
      throw file.wrong("head_dim", "even and above 0", String.valueOf(headSize));
    }
    int context = file.size("max_position_embeddings");
    if (context > MAX_CONTEXT_TOKENS) {
      throw file.wrong(
          "max_position_embeddings", "at most " + MAX_CONTEXT_TOKENS, String.valueOf(context));
    }
    return new ModelConfig(
        file.text("model_type").orElseThrow(),
        file.size("num_hidden_layers"),
        hidden,
        heads,
        keyValueHeads,
        headSize,
        file.size("intermediate_size"),
        file.size("vocab_size"),
        context,
        eosTokenIds,
        parameters);
  }

  private static List<Integer> eosTokenIds(Path folder, ConfigFile file) {
    Path generation = folder.resolve("generation_config.json");
    List<Integer> ids =
        Files.isRegularFile(generation)
            ? ConfigFile.read(generation).ids("eos_token_id")
            : List.of();
    return ids.isEmpty() ? file.ids("eos_token_id") : ids;
  }

  /** Names and shapes of all weights, a tied head left out, in the order of the model. */
  Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    List<Long> table = List.of((long) config.vocabularySize(), (long) config.hiddenSize());
    shapes.put(EMBEDDING, table);
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LayerWeight weight : family.layerWeights()) {
        shapes.put(weight.tensorName(layer), weight.shape(config));
      }
    }
    shapes.put(FINAL_NORM, List.of((long) config.hiddenSize()));
    if (!tiedEmbeddings) {
      shapes.put(HEAD, table);
    }
    return shapes;
  }
}

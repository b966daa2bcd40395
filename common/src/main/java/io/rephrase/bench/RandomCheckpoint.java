package io.rephrase.bench;

import com.google.gson.Gson;
import io.rephrase.data.Seeds;
import io.rephrase.model.LayerWeight;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.weights.TensorSource;
import io.rephrase.model.weights.TensorType;
import io.rephrase.model.weights.WeightWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Llama of a well-known shape with random weights: as fast as the real one, and as large. */
public enum RandomCheckpoint {
  /** SmolLM2-135M. */
  SMOLLM2_135M("135m", new Sizes(30, 576, 9, 3, 1536, 49152, true)),
  /** SmolLM2-360M. */
  SMOLLM2_360M("360m", new Sizes(32, 960, 15, 5, 2560, 49152, true)),
  /** Llama 3.2 1B. */
  LLAMA_1B("1b", new Sizes(16, 2048, 32, 8, 8192, 128256, true)),
  /** SmolLM2-1.7B. */
  SMOLLM2_1_7B("1.7b", new Sizes(24, 2048, 32, 32, 8192, 49152, true)),
  /** Llama 3.1 8B. */
  LLAMA_8B("8b", new Sizes(32, 4096, 32, 8, 14336, 128256, false));

  private static final int CONTEXT_TOKENS = 8192;
  private static final long SHARD_BYTES = 5_000_000_000L;

  /** Deviation about that of a trained model; what is measured depends on it little. */
  private static final float LARGEST = 0.05f;

  private record Sizes(
      int layers,
      int hidden,
      int heads,
      int keyValueHeads,
      int feedForward,
      int vocabulary,
      boolean tied) {}

  private final String label;
  private final Sizes sizes;

  RandomCheckpoint(String label, Sizes sizes) {
    this.label = label;
    this.sizes = sizes;
  }

  /** As it is typed. */
  public String label() {
    return label;
  }

  /** Writes configuration and bfloat16 weights into an existing, empty folder. */
  public void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), new Gson().toJson(config()));
    ModelConfig config = PolicyModels.configOf(folder);
    new WeightWriter(TensorType.BF16, SHARD_BYTES).write(folder, weights(config));
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "llama");
    config.put("hidden_size", sizes.hidden());
    config.put("intermediate_size", sizes.feedForward());
    config.put("num_hidden_layers", sizes.layers());
    config.put("num_attention_heads", sizes.heads());
    config.put("num_key_value_heads", sizes.keyValueHeads());
    config.put("max_position_embeddings", CONTEXT_TOKENS);
    config.put("tie_word_embeddings", sizes.tied());
    config.put("vocab_size", sizes.vocabulary());
    return config;
  }

  private List<TensorSource> weights(ModelConfig config) {
    List<Long> table = List.of((long) sizes.vocabulary(), (long) sizes.hidden());
    List<TensorSource> weights = new ArrayList<>();
    weights.add(new RandomTensor("model.embed_tokens.weight", table));
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LayerWeight weight : LayerWeight.COMMON) {
        weights.add(new RandomTensor(weight.tensorName(layer), weight.shape(config)));
      }
    }
    weights.add(new RandomTensor("model.norm.weight", List.of((long) sizes.hidden())));
    if (!sizes.tied()) {
      weights.add(new RandomTensor("lm_head.weight", table));
    }
    return weights;
  }

  /** Norms are 1; matrices are uniform in a small range. */
  private record RandomTensor(String name, List<Long> shape) implements TensorSource {
    @Override
    public FloatBuffer read(long start, int count) {
      float[] numbers = new float[count];
      long seed = Seeds.sample(0, "weights", 0, name, (int) (start / count));
      for (int i = 0; i < count; i++) {
        numbers[i] = shape.size() == 1 ? 1f : LARGEST * (float) (2 * Seeds.uniform(seed, i) - 1);
      }
      return FloatBuffer.wrap(numbers);
    }
  }
}

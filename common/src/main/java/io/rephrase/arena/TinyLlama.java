package io.rephrase.arena;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.rephrase.data.Seeds;
import io.rephrase.model.weights.TensorSource;
import io.rephrase.model.weights.TensorType;
import io.rephrase.model.weights.WeightWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Llama of a third of a million parameters with random weights, as a Hugging Face folder: what
 * the arena's policy starts from.
 *
 * @param layers transformer blocks
 * @param hiddenSize E
 * @param heads H, as many keys and values
 * @param feedForwardSize F
 * @param contextTokens prompt and completion together
 */
public record TinyLlama(
    int layers, int hiddenSize, int heads, int feedForwardSize, int contextTokens) {

  /** Standard deviation of every matrix; norms start at 1. */
  private static final double INITIAL_DEVIATION = 0.05;

  public TinyLlama {
    if (hiddenSize % heads != 0) {
      throw new IllegalArgumentException(
          "hiddenSize must be a multiple of heads, got %d and %d".formatted(hiddenSize, heads));
    }
  }

  /** Three layers, width 96, three heads. */
  public static TinyLlama arena() {
    return new TinyLlama(3, 96, 3, 256, 128);
  }

  /** Writes configuration, tokenizer and weights into a new folder. */
  public void create(Path folder, long seed) throws IOException {
    Files.createDirectory(folder);
    Gson gson = new GsonBuilder().setPrettyPrinting().create();
    Files.writeString(folder.resolve("config.json"), gson.toJson(config()) + "\n");
    Files.writeString(folder.resolve("generation_config.json"), gson.toJson(ends()) + "\n");
    ArenaVocabulary.write(folder);
    new WeightWriter(TensorType.F32, 1L << 30).write(folder, weights(seed));
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("LlamaForCausalLM"));
    config.put("model_type", "llama");
    config.put("hidden_act", "silu");
    config.put("hidden_size", hiddenSize);
    config.put("intermediate_size", feedForwardSize);
    config.put("num_hidden_layers", layers);
    config.put("num_attention_heads", heads);
    config.put("num_key_value_heads", heads);
    config.put("head_dim", hiddenSize / heads);
    config.put("max_position_embeddings", contextTokens);
    config.put("rms_norm_eps", 1e-6);
    config.put("rope_theta", 10000.0);
    config.put("attention_bias", false);
    config.put("mlp_bias", false);
    config.put("tie_word_embeddings", false);
    config.put("vocab_size", ArenaVocabulary.size());
    config.put("torch_dtype", "float32");
    config.putAll(ends());
    return config;
  }

  private static Map<String, Object> ends() {
    Map<String, Object> ends = new LinkedHashMap<>();
    ends.put("eos_token_id", ArenaVocabulary.EOS_ID);
    ends.put("pad_token_id", ArenaVocabulary.PAD_ID);
    return ends;
  }

  private List<TensorSource> weights(long seed) {
    List<TensorSource> weights = new ArrayList<>();
    int vocabulary = ArenaVocabulary.size();
    matrix(weights, seed, "model.embed_tokens", vocabulary, hiddenSize);
    for (int layer = 0; layer < layers; layer++) {
      String block = "model.layers." + layer + ".";
      ones(weights, block + "input_layernorm");
      for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
        matrix(weights, seed, block + "self_attn." + name, hiddenSize, hiddenSize);
      }
      ones(weights, block + "post_attention_layernorm");
      matrix(weights, seed, block + "mlp.gate_proj", feedForwardSize, hiddenSize);
      matrix(weights, seed, block + "mlp.up_proj", feedForwardSize, hiddenSize);
      matrix(weights, seed, block + "mlp.down_proj", hiddenSize, feedForwardSize);
    }
    ones(weights, "model.norm");
    matrix(weights, seed, "lm_head", vocabulary, hiddenSize);
    return weights;
  }

  private static void matrix(List<TensorSource> to, long seed, String name, int rows, int columns) {
    long matrixSeed = Seeds.sample(seed, "weights", 0, name, 0);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      // Box and Muller: a normal number from two uniform ones
      double radius = Math.sqrt(-2 * Math.log(1 - Seeds.uniform(matrixSeed, 2 * i)));
      double angle = 2 * Math.PI * Seeds.uniform(matrixSeed, 2 * i + 1);
      values[i] = (float) (INITIAL_DEVIATION * radius * Math.cos(angle));
    }
    to.add(new Weight(name + ".weight", List.of((long) rows, (long) columns), values));
  }

  private void ones(List<TensorSource> to, String name) {
    float[] values = new float[hiddenSize];
    Arrays.fill(values, 1f);
    to.add(new Weight(name + ".weight", List.of((long) hiddenSize), values));
  }

  private record Weight(String name, List<Long> shape, float[] values) implements TensorSource {
    @Override
    public FloatBuffer read(long start, int count) {
      return FloatBuffer.wrap(values, (int) start, count).slice();
    }
  }
}

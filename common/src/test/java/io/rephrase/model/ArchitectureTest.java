package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchitectureTest {
  @TempDir Path scratch;

  private Path folder;
  private JsonObject config;

  @BeforeEach
  void copy() throws IOException {
    folder = GoldenCheckpoints.copy("llama-mha-untied-rope-scaled", scratch);
    config = GoldenCheckpoints.config(folder);
  }

  @Test
  void sizesAndParametersAreRead() throws IOException {
    ModelConfig read = Architecture.of(GoldenCheckpoints.folder("qwen3-gqa-untied")).config();
    assertThat(read.headSize()).isEqualTo(16);
    assertThat(read.eosTokenIds()).containsExactly(2);
    // two tables 160 x 40; a norm of 40; three blocks of two norms, q 64 x 40, k and v 32 x 40,
    // o 40 x 64, three feed-forward matrices 40 x 96, and two norms of 16
    long block = 2 * 40 + 2 * 64 * 40 + 2 * 32 * 40 + 3 * 40 * 96 + 2 * 16;
    assertThat(read.parameters()).isEqualTo(2 * 160 * 40 + 40 + 3 * block);
  }

  @Test
  void headSizeAndKeyValueHeadsHaveDefaults() throws IOException {
    config.remove("head_dim");
    config.remove("num_key_value_heads");
    ModelConfig read = rewritten().config();
    assertThat(read.headSize()).isEqualTo(64 / 4);
    assertThat(read.keyValueHeads()).isEqualTo(4);
  }

  @Test
  void rotaryPositionsAreReadFromOldAndNewFiles() throws IOException {
    double[] old = Architecture.of(folder).rotary().inverseFrequencies();
    JsonObject parameters = config.remove("rope_scaling").getAsJsonObject();
    parameters.add("rope_theta", config.remove("rope_theta"));
    config.add("rope_parameters", parameters);
    assertThat(rewritten().rotary().inverseFrequencies()).isEqualTo(old);
  }

  @Test
  void linearScalingDividesEveryFrequency() throws IOException {
    JsonObject linear = new JsonObject();
    linear.addProperty("type", "linear");
    linear.addProperty("factor", 4.0);
    config.add("rope_scaling", linear);
    double[] frequencies = rewritten().rotary().inverseFrequencies();
    assertThat(frequencies[0]).isEqualTo(0.25);
    // base 500000 and head size 16: the second pair turns by 500000^(-1/8)
    assertThat(frequencies[1]).isCloseTo(Math.pow(500_000, -0.125) / 4, within(1e-15));
  }

  @Test
  void endOfSequenceIdsComeFromTheGenerationConfigFirst() throws IOException {
    JsonArray ids = new JsonArray();
    ids.add(7);
    ids.add(9);
    JsonObject generation = new JsonObject();
    generation.add("eos_token_id", ids);
    Files.writeString(folder.resolve("generation_config.json"), generation.toString());
    assertThat(rewritten().config().eosTokenIds()).isEqualTo(List.of(7, 9));
    Files.delete(folder.resolve("generation_config.json"));
    config.addProperty("eos_token_id", 5);
    assertThat(rewritten().config().eosTokenIds()).isEqualTo(List.of(5));
  }

  @Test
  void unknownFamiliesAreRefusedWithTheKnownOnes() throws IOException {
    config.addProperty("model_type", "gemma3");
    refused("model_type must be one of llama, qwen2, qwen3, got gemma3");
  }

  @Test
  void whatIsNotComputedIsRefusedByName() throws IOException {
    config.addProperty("attention_bias", true);
    refused("attention_bias must be false");
    config.remove("attention_bias");
    config.addProperty("mlp_bias", true);
    refused("mlp_bias must be false");
    config.remove("mlp_bias");
    config.addProperty("hidden_act", "gelu");
    refused("hidden_act must be silu, got gelu");
    config.remove("hidden_act");
    config.getAsJsonObject("rope_scaling").addProperty("rope_type", "yarn");
    refused("rope_type must be one of default, linear, llama3, got yarn");
    config.remove("rope_scaling");
    config.add("quantization_config", new JsonObject());
    refused("quantization_config must be absent");
  }

  @Test
  void slidingWindowsAreRefused() throws IOException {
    config.addProperty("sliding_window", 128);
    refused("sliding_window must be absent: this family is computed without it, got 128");
    config.addProperty("model_type", "qwen2");
    config.addProperty("use_sliding_window", true);
    refused("use_sliding_window must be false");
    config.addProperty("use_sliding_window", false);
    JsonArray types = new JsonArray();
    types.add("full_attention");
    types.add("sliding_attention");
    config.add("layer_types", types);
    refused("layer_types must be full_attention in every layer, got sliding_attention");
  }

  @Test
  void missingAndMeaninglessValuesAreRefused() throws IOException {
    config.remove("hidden_size");
    refused("config.json lacks hidden_size");
    config.addProperty("hidden_size", "wide");
    refused("hidden_size must be a whole number, got \"wide\"");
    config.addProperty("hidden_size", 0);
    refused("hidden_size must be a positive whole number, got 0");
    config.addProperty("hidden_size", 64);
    config.addProperty("num_key_value_heads", 3);
    refused("num_key_value_heads must be a divisor of num_attention_heads = 4, got 3");
    Files.writeString(folder.resolve("config.json"), "[");
    assertThatThrownBy(() -> Architecture.of(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json must be a JSON object");
    Files.delete(folder.resolve("config.json"));
    assertThatThrownBy(() -> Architecture.of(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("config.json does not exist");
  }

  @Test
  void numbersThatWouldBeCutOrReadAsAnotherAreRefused() throws IOException {
    config.addProperty("hidden_size", 64.5);
    refused("hidden_size must be a whole number, got 64.5");
    config.addProperty("hidden_size", 64);
    config.addProperty("tie_word_embeddings", "yes");
    refused("tie_word_embeddings must be true or false, got \"yes\"");
    config.addProperty("tie_word_embeddings", false);
    config.addProperty("rms_norm_eps", -1e-6);
    refused("rms_norm_eps must be a number above 0, got -1.0E-6");
    config.addProperty("rms_norm_eps", 1e-6);
    config.addProperty("num_attention_heads", 128);
    config.addProperty("num_key_value_heads", 128);
    config.remove("head_dim");
    refused("head_dim must be even and above 0, got 0"); // 64 / 128
    config.addProperty("head_dim", 16);
    config.addProperty("max_position_embeddings", 2_000_000_000);
    refused("max_position_embeddings must be at most 4194304, got 2000000000");
    config.addProperty("max_position_embeddings", 64);
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[2,160]}");
    refused("eos_token_id must be in [0, vocab_size = 160), got 160");
  }

  @Test
  void rotaryNumbersWithoutMeaningAreRefused() throws IOException {
    JsonObject scaling = config.getAsJsonObject("rope_scaling");
    scaling.addProperty("low_freq_factor", 4.0);
    refused("low_freq_factor must be below high_freq_factor = 4.0, got 4.0");
    scaling.addProperty("factor", 0);
    refused("factor must be a number above 0, got 0.0");
    scaling.remove("factor");
    refused("factor must be a number for this rope_type, got nothing");
    config.remove("rope_scaling");
    config.addProperty("partial_rotary_factor", 0.5);
    refused("partial_rotary_factor must be 1, got 0.5");
    config.addProperty("rope_theta", 0);
    refused("rope_theta must be a number above 0, got 0.0");
  }

  private Architecture rewritten() throws IOException {
    GoldenCheckpoints.rewriteConfig(folder, config);
    return Architecture.of(folder);
  }

  private void refused(String message) throws IOException {
    GoldenCheckpoints.rewriteConfig(folder, config);
    assertThatThrownBy(() -> Architecture.of(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }
}

package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.CheckpointException;
import io.rephrase.ConfigurationException;
import io.rephrase.model.weights.StoredTensor;
import io.rephrase.model.weights.TensorType;
import io.rephrase.model.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class LoraTest {
  static final List<String> CHECKPOINTS = GoldenCheckpoints.NAMES;
  private static final String LLAMA = "llama-gqa-tied"; // 3 layers, E 48, 6 heads of 8, 2 shared
  private static final ModelOptions OPTIONS = ModelOptions.defaults().on("cpu");
  private static final AdamWSettings STEP = new AdamWSettings(2e-2, 0.9, 0.95, 1e-8, 0.1);
  private static final LoraSettings SETTINGS =
      new LoraSettings(4, 6, LoraSettings.ALL_LINEAR, 7); // scale 6 / 4 = 1.5

  @TempDir Path scratch;

  record Expected(int[][] input_ids, double[][] token_log_probs) {}

  @ParameterizedTest
  @FieldSource("CHECKPOINTS")
  void anAdaptedModelComputesWhatItsMergedFullModelDoes(String name) {
    List<TokenSequence> rows = rows(name);
    double[][] untrained;
    double[][] adapted;
    try (TorchPolicyModel model = adapting(name, OPTIONS)) {
      untrained = logProbs(model, rows);
      step(model, rows);
      step(model, rows);
      adapted = logProbs(model, rows);
      model.save(scratch.resolve("adapter"));
      try (TorchPolicyModel shared = score(GoldenCheckpoints.folder(name))) {
        assertThat(logProbs(shared, rows)).isDeepEqualTo(untrained); // B is zero at the start
        shared.takeUp(model);
        assertClose(logProbs(shared, rows), adapted, 1e-5);
      }
    }
    assertThat(furthest(untrained, adapted)).isGreaterThan(0.1);
    try (TorchPolicyModel merged = score(scratch.resolve("adapter"))) {
      assertClose(logProbs(merged, rows), adapted, 1e-5);
      merged.save(scratch.resolve("merged"));
    }
    try (TorchPolicyModel whole = score(scratch.resolve("merged"))) {
      assertClose(logProbs(whole, rows), adapted, 1e-5);
    }
  }

  @Test
  void weightsFromMemoryAreThoseOfTheFileToTheBit() {
    List<TokenSequence> rows = rows(LLAMA);
    try (TorchPolicyModel model = adapting(LLAMA, OPTIONS);
        TorchPolicyModel memory = score(GoldenCheckpoints.folder(LLAMA));
        TorchPolicyModel file = score(GoldenCheckpoints.folder(LLAMA))) {
      step(model, rows);
      model.save(scratch.resolve("adapter"));
      memory.takeUp(model);
      file.takeUp(PolicyFolder.of(scratch.resolve("adapter")));
      assertThat(logProbs(memory, rows)).isDeepEqualTo(logProbs(file, rows));
      memory.takeUp(model); // the base first, so that nothing is added twice
      assertThat(logProbs(memory, rows)).isDeepEqualTo(logProbs(file, rows));
    }
  }

  /** With W' = W + s B A: dA = s B' dW and dB = s dW A', dW being the full model's gradient. */
  @ParameterizedTest
  @FieldSource("CHECKPOINTS")
  void gradientsAreTheFullModelsProjected(String name) {
    List<TokenSequence> rows = rows(name);
    try (TorchPolicyModel model = adapting(name, OPTIONS);
        TorchPolicyModel recomputing = adapting(name, OPTIONS.within(3 * 160 * 4, 1))) {
      step(model, rows);
      model.save(scratch.resolve("adapter"));
      try (TorchPolicyModel merged = score(scratch.resolve("adapter"))) {
        merged.save(scratch.resolve("merged"));
      }
      try (TorchPolicyModel full =
          PolicyModels.openForTraining(scratch.resolve("merged"), OPTIONS)) {
        full.accumulateGradients(rows, 0.7, LoraTest::pull);
        model.accumulateGradients(rows, 0.7, LoraTest::pull);
        for (LoraModule module : LoraModule.all(model.config())) {
          double[][] dW = matrix(full.gradient(module.weight().tensorName(module.layer())));
          Map<String, NDArray> adapters = model.adapters().byName();
          double[][] a = matrix(adapters.get(module.downName()));
          double[][] b = matrix(adapters.get(module.upName()));
          assertGradient(model.gradient(module.downName()), times(transposed(b), dW, 1.5));
          assertGradient(model.gradient(module.upName()), times(dW, transposed(a), 1.5));
        }
      }
      step(recomputing, rows);
      recomputing.accumulateGradients(rows, 0.7, LoraTest::pull);
      for (String parameter : model.adapters().byName().keySet()) {
        assertGradient(recomputing.gradient(parameter), matrix(model.gradient(parameter)));
      }
    }
  }

  @Test
  void onlyAdaptersAreChangedAndHaveAnOptimizersState() {
    try (TorchPolicyModel model = adapting(LLAMA, OPTIONS)) {
      float[] before = model.weights().layer(1, LayerWeight.UP).orElseThrow().toFloatArray();
      step(model, rows(LLAMA));
      assertThat(model.weights().layer(1, LayerWeight.UP).orElseThrow().toFloatArray())
          .isEqualTo(before);
      // 4 x (in + out) of q 48+48, k and v 48+16, o 48+48, gate, up and down 48+96: 4 x 752
      long numbers = 3 * 4 * (96 + 64 + 64 + 96 + 144 + 144 + 144);
      assertThat(numbers).isEqualTo(9024);
      LoraMemory memory = new LoraMemory(new ModelMemory(model.config(), OPTIONS), SETTINGS, 4);
      assertThat(memory.parameters()).isEqualTo(numbers);
      assertThat(memory.adapters()).isEqualTo(4 * 4 * numbers);
      assertThat(memory.weights()).isEqualTo(4 * model.config().parameters());
      assertThat(model.nativeBytes())
          .isEqualTo(memory.weights() + memory.adapters() + 4L * 2 * 256 * 8);
      model.saveOptimizer(scratch.resolve("optimizer"));
      assertThat(WeightFiles.single(scratch.resolve("optimizer"), "optimizer.safetensors").names())
          .hasSize(2 * 3 * 7 * 2)
          .contains(
              "first_moment.base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
              "second_moment.base_model.model.model.layers.2.mlp.down_proj.lora_B.weight");
    }
  }

  @Test
  void trainingGoesOnFromTheSavedAdapterAsIfItHadNotStopped() {
    List<TokenSequence> rows = rows(LLAMA);
    try (TorchPolicyModel model = adapting(LLAMA, OPTIONS)) {
      step(model, rows);
      model.save(scratch.resolve("adapter"));
      model.saveOptimizer(scratch.resolve("optimizer"));
      step(model, rows);
      PolicyFolder saved = PolicyFolder.of(scratch.resolve("adapter"));
      try (TorchPolicyModel again = PolicyModels.openForAdapterTraining(saved, OPTIONS, SETTINGS)) {
        again.loadOptimizer(scratch.resolve("optimizer"));
        step(again, rows);
        assertThat(logProbs(again, rows)).isDeepEqualTo(logProbs(model, rows));
      }
      LoraSettings other = new LoraSettings(2, 6, LoraSettings.ALL_LINEAR, 7);
      assertThatThrownBy(() -> PolicyModels.openForAdapterTraining(saved, OPTIONS, other))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("rank 4, alpha 6.0 and 21 modules, and training asks for rank 2");
    }
  }

  @Test
  void aFolderIsWhatPeftExpects() throws IOException {
    LoraSettings settings = new LoraSettings(2, 3, List.of("q_proj", "mlp.down_proj"), 0);
    PolicyFolder base = PolicyFolder.of(GoldenCheckpoints.folder(LLAMA));
    try (TorchPolicyModel model = PolicyModels.openForAdapterTraining(base, OPTIONS, settings)) {
      model.save(scratch.resolve("adapter"));
    }
    JsonObject config =
        JsonParser.parseString(Files.readString(scratch.resolve("adapter/adapter_config.json")))
            .getAsJsonObject();
    assertThat(config.get("peft_type").getAsString()).isEqualTo("LORA");
    assertThat(config.get("task_type").getAsString()).isEqualTo("CAUSAL_LM");
    assertThat(config.get("r").getAsInt()).isEqualTo(2);
    assertThat(config.get("lora_alpha").getAsString()).isEqualTo("3");
    assertThat(config.get("bias").getAsString()).isEqualTo("none");
    assertThat(config.get("target_modules").toString()).isEqualTo("[\"q_proj\",\"mlp.down_proj\"]");
    assertThat(config.get("base_model_name_or_path").getAsString())
        .isEqualTo(GoldenCheckpoints.folder(LLAMA).toString());
    WeightFiles files = WeightFiles.single(scratch.resolve("adapter"), "adapter_model.safetensors");
    assertThat(files.names()).hasSize(3 * 2 * 2);
    StoredTensor down =
        files.tensor(
            "base_model.model.model.layers.2.mlp.down_proj.lora_A.weight", List.of(2L, 96L));
    assertThat(down.type()).isEqualTo(TensorType.F32);
    files.tensor(
        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", List.of(48L, 2L));
    assertThat(scratch.resolve("adapter/config.json")).content().contains("LlamaForCausalLM");
  }

  @Test
  void anAdapterThatPeftWroteGivesPeftsNumbers() throws Exception {
    Path adapter = Path.of(LoraTest.class.getResource("/golden/adapters/llama-gqa-tied").toURI());
    Expected expected =
        new Gson().fromJson(Files.readString(adapter.resolve("expected.json")), Expected.class);
    List<TokenSequence> rows =
        Arrays.stream(expected.input_ids())
            .map(
                ids ->
                    new TokenSequence(new int[] {ids[0]}, Arrays.copyOfRange(ids, 1, ids.length)))
            .toList();
    try (TorchPolicyModel merged = score(adapter)) {
      assertClose(logProbs(merged, rows), expected.token_log_probs(), 2e-5);
    }
    LoraSettings own = new LoraSettings(2, 3, List.of("q_proj", "v_proj", "down_proj"), 0);
    try (TorchPolicyModel beside =
        PolicyModels.openForAdapterTraining(PolicyFolder.of(adapter), OPTIONS, own)) {
      assertClose(logProbs(beside, rows), expected.token_log_probs(), 2e-5);
    }
  }

  @Test
  void matricesThatAreStoredAsBfloat16StaySoOnRequest() {
    List<TokenSequence> rows = rows("qwen2-gqa-tied");
    ModelOptions narrow = OPTIONS.savedAs(TensorType.BF16, Long.MAX_VALUE);
    try (TorchPolicyModel model =
        PolicyModels.openForScoring(GoldenCheckpoints.folder("qwen2-gqa-tied"), narrow)) {
      model.save(scratch.resolve("bf16"));
    }
    PolicyFolder base = PolicyFolder.of(scratch.resolve("bf16"));
    try (TorchPolicyModel wide =
            PolicyModels.openForAdapterTraining(base, OPTIONS, SETTINGS, FrozenType.FLOAT32);
        TorchPolicyModel model =
            PolicyModels.openForAdapterTraining(base, OPTIONS, SETTINGS, FrozenType.AS_STORED);
        TorchPolicyModel rollouts = score(scratch.resolve("bf16"))) {
      LoraMemory memory = new LoraMemory(new ModelMemory(model.config(), OPTIONS), SETTINGS, 2);
      assertThat(wide.nativeBytes() - model.nativeBytes())
          .isEqualTo(4 * model.config().parameters() - memory.weights())
          .isPositive();
      assertClose(logProbs(model, rows), logProbs(wide, rows), 0.15); // bfloat16 has 8 bits
      double[][] before = logProbs(model, rows);
      step(model, rows);
      assertThat(furthest(logProbs(model, rows), before)).isPositive();
      model.save(scratch.resolve("adapter"));
      rollouts.takeUp(model); // the base as stored, float32 adapters: nothing is rounded
      try (TorchPolicyModel file = score(scratch.resolve("adapter"))) {
        assertThat(logProbs(rollouts, rows)).isDeepEqualTo(logProbs(file, rows));
      }
    }
  }

  @Test
  void targetsAndRanksThatTheModelHasNotAreRefused() {
    assertThatThrownBy(() -> open(new LoraSettings(4, 8, List.of("q_proj", "query"), 0)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "LoRA target \"query\" matches no module: a target is the name of a linear module, or the end of one after a dot; there are [self_attn.q_proj, self_attn.k_proj, self_attn.v_proj, self_attn.o_proj, mlp.gate_proj, mlp.up_proj, mlp.down_proj] in model.layers.0 to model.layers.2");
    assertThatThrownBy(() -> open(new LoraSettings(4, 8, List.of("layers.3.mlp.up_proj"), 0)))
        .hasMessageContaining("\"layers.3.mlp.up_proj\" matches no module");
    assertThatThrownBy(() -> open(new LoraSettings(4, 8, List.of(), 0)))
        .hasMessageContaining("at least one target, got []; the linear modules are [self_attn.");
    assertThatThrownBy(() -> open(new LoraSettings(17, 8, List.of("v_proj"), 0)))
        .hasMessageContaining("rank 17 is larger than model.layers.0.self_attn.v_proj allows")
        .hasMessageContaining("[16, 48]: choose a rank of at most 16");
    assertThat(LoraModule.matching(new LoraSettings(1, 1, List.of("1.mlp.up_proj"), 0), llama()))
        .containsExactly(new LoraModule(1, LayerWeight.UP));
  }

  @Test
  void adaptersThatWeDoNotComputeAreRefused() throws Exception {
    try (TorchPolicyModel model = adapting(LLAMA, OPTIONS)) {
      model.save(scratch.resolve("adapter"));
    }
    Path file = scratch.resolve("adapter/adapter_config.json");
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\"use_dora\": false", "\"use_dora\": true"));
    assertThatThrownBy(() -> score(scratch.resolve("adapter")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("use_dora must be false");
    Files.writeString(file, text.replace("\"r\": 4", "\"r\": 3"));
    assertThatThrownBy(() -> score(scratch.resolve("adapter")))
        .hasMessageContaining("lora_A.weight has shape [4, 48]");
    Files.writeString(file, text.replace(LLAMA, "nowhere"));
    assertThatThrownBy(() -> score(scratch.resolve("adapter")))
        .hasMessageContaining("base_model_name_or_path must name a folder with the weights")
        .hasMessageContaining("nowhere\"; put the folder there, or its path into this file");
  }

  private static ModelConfig llama() {
    return PolicyModels.configOf(GoldenCheckpoints.folder(LLAMA));
  }

  private static void open(LoraSettings settings) {
    PolicyFolder folder = PolicyFolder.of(GoldenCheckpoints.folder(LLAMA));
    PolicyModels.openForAdapterTraining(folder, OPTIONS, settings).close();
  }

  private static TorchPolicyModel adapting(String name, ModelOptions options) {
    PolicyFolder folder = PolicyFolder.of(GoldenCheckpoints.folder(name));
    return PolicyModels.openForAdapterTraining(folder, options, SETTINGS);
  }

  private static TorchPolicyModel score(Path folder) {
    return PolicyModels.openForScoring(folder, OPTIONS);
  }

  private static List<TokenSequence> rows(String name) {
    return GoldenCheckpoints.read(name, "expected.json", GoldenCheckpoints.Expected.class).rows();
  }

  private static void step(TorchPolicyModel model, List<TokenSequence> rows) {
    model.accumulateGradients(rows, 1, LoraTest::pull);
    model.clipGradients(1);
    model.step(STEP);
    model.zeroGradients();
  }

  /** Rows pull in different directions, and on the entropy as well. */
  private static TokenGradients pull(int row, TokenScores scores) {
    double[] gradient = new double[scores.logProbs().length];
    double[] entropy = new double[gradient.length];
    Arrays.fill(gradient, row == 0 ? -0.1 : 0.07);
    Arrays.fill(entropy, 0.02);
    return new TokenGradients(gradient, entropy);
  }

  private static double[][] logProbs(TorchPolicyModel model, List<TokenSequence> rows) {
    return model.score(rows, 1).stream().map(TokenScores::logProbs).toArray(double[][]::new);
  }

  private static void assertClose(double[][] found, double[][] expected, double tolerance) {
    assertThat(furthest(found, expected)).isLessThan(tolerance);
  }

  private static double furthest(double[][] a, double[][] b) {
    double furthest = 0;
    for (int row = 0; row < a.length; row++) {
      for (int i = 0; i < a[row].length; i++) {
        furthest = Math.max(furthest, Math.abs(a[row][i] - b[row][i]));
      }
    }
    return furthest;
  }

  private static void assertGradient(NDArray found, double[][] expected) {
    double[][] gradient = matrix(found);
    double largest =
        Arrays.stream(expected).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
    assertThat(largest).isPositive();
    assertThat(gradient).hasDimensions(expected.length, expected[0].length);
    assertThat(furthest(gradient, expected)).isCloseTo(0, within(1e-4 * largest));
  }

  private static double[][] matrix(NDArray array) {
    float[] flat = array.toFloatArray();
    int columns = (int) array.getShape().get(1);
    double[][] matrix = new double[flat.length / columns][columns];
    for (int i = 0; i < flat.length; i++) {
      matrix[i / columns][i % columns] = flat[i];
    }
    return matrix;
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] transposed = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        transposed[j][i] = matrix[i][j];
      }
    }
    return transposed;
  }

  private static double[][] times(double[][] left, double[][] right, double scale) {
    double[][] product = new double[left.length][right[0].length];
    for (int i = 0; i < left.length; i++) {
      for (int k = 0; k < right.length; k++) {
        for (int j = 0; j < right[0].length; j++) {
          product[i][j] += scale * left[i][k] * right[k][j];
        }
      }
    }
    return product;
  }
}

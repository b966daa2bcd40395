package io.rephrase.generation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TorchPolicyModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays the same and what changes over an engine's life. */
class TorchEngineLifeTest {
  private static final Path LLAMA = Path.of("src/test/resources/golden/checkpoints/llama-gqa-tied");
  private static final int[] PROMPT = {5, 9, 80, 31};

  @TempDir private Path temporary;

  @Test
  void theSameRequestsGiveTheSameBitsAgainAndInAnotherEngine() {
    try (TorchEngine engine = open(LLAMA);
        TorchEngine other = open(LLAMA)) {
      List<String> first = bits(engine);
      assertThat(first).hasSize(12).doesNotHaveDuplicates();
      assertThat(bits(engine)).isEqualTo(first);
      assertThat(bits(other)).isEqualTo(first);
    }
  }

  @Test
  void aReleasedCacheIsMadeAnewWithTheSameBits() {
    try (TorchEngine engine = open(LLAMA)) {
      List<String> before = bits(engine);
      engine.releaseCache();
      assertThat(bits(engine)).isEqualTo(before);
      engine.releaseCache();
      engine.releaseCache();
    }
  }

  @Test
  void anotherCheckpointIsTakenUpAsIfItHadBeenOpened() throws IOException {
    Path changed = changedCheckpoint();
    try (TorchEngine engine = open(LLAMA);
        TorchEngine fresh = open(changed)) {
      List<String> before = bits(engine);
      engine.takeUp(changed);
      List<String> after = bits(engine);
      assertThat(after).isEqualTo(bits(fresh)).isNotEqualTo(before);
      engine.takeUp(LLAMA);
      assertThat(bits(engine)).isEqualTo(before);
    }
  }

  @Test
  void aSharedModelOutlivesItsEngineAndItsNewWeightsAreFollowed() throws IOException {
    Path changed = changedCheckpoint();
    try (TorchPolicyModel model = PolicyModels.openForScoring(LLAMA, cpu());
        TorchEngine fresh = open(changed)) {
      try (TorchEngine engine = TorchEngine.sharing(model, EngineOptions.of(3))) {
        bits(engine);
        model.takeUp(PolicyFolder.of(changed));
        assertThat(bits(engine)).isEqualTo(bits(fresh));
      }
      try (TorchEngine second = TorchEngine.sharing(model, EngineOptions.of(3))) {
        assertThat(bits(second)).isEqualTo(bits(fresh));
      }
    }
  }

  /** The last norm's weights with the opposite sign: every logit is negated. */
  private Path changedCheckpoint() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("changed"));
    for (String file : List.of("config.json", "generation_config.json", "model.safetensors")) {
      Files.copy(LLAMA.resolve(file), folder.resolve(file));
    }
    byte[] weights = Files.readAllBytes(folder.resolve("model.safetensors"));
    negateLastNorm(weights);
    Files.write(folder.resolve("model.safetensors"), weights);
    return folder;
  }

  /** A safetensors file: 8 bytes of header length, the header, the numbers; little-endian F32. */
  private static void negateLastNorm(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    JsonObject norm =
        JsonParser.parseString(new String(file, 8, header, StandardCharsets.UTF_8))
            .getAsJsonObject()
            .getAsJsonObject("model.norm.weight");
    assertThat(norm.get("dtype").getAsString()).isEqualTo("F32");
    int begin = 8 + header + norm.getAsJsonArray("data_offsets").get(0).getAsInt();
    int end = 8 + header + norm.getAsJsonArray("data_offsets").get(1).getAsInt();
    for (int at = begin; at < end; at += Float.BYTES) {
      bytes.putFloat(at, -bytes.getFloat(at));
    }
  }

  private static List<String> bits(TorchEngine engine) {
    SamplingParams warm = new SamplingParams(0.9, 0.95, 30, false, 24, false);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int[] prompt = i < 6 ? PROMPT : new int[] {1 + i, 2, 3};
      requests.add(new GenerationRequest(i, prompt, 90 + i, warm));
    }
    Map<Long, Completion> completions = new TreeMap<>();
    engine.generate(requests.iterator()).forEachRemaining(c -> completions.put(c.key(), c));
    return completions.values().stream()
        .map(c -> Arrays.toString(c.tokenIds()) + Arrays.toString(c.logProbs()))
        .toList();
  }

  private static TorchEngine open(Path folder) {
    return TorchEngine.open(folder, cpu(), EngineOptions.of(3));
  }

  private static ModelOptions cpu() {
    return ModelOptions.defaults().on("cpu");
  }
}

package io.rephrase.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

  @Test
  void everyPartOfAPlanIsMeasured() {
    List<String> lines = new ArrayList<>();
    new Bench(
            Path.of("src/test/resources/golden/checkpoints/llama-gqa-tied"),
            ModelOptions.defaults().on("cpu"),
            lines::add)
        .run(List.of(Bench.Part.values()), List.of(new BenchPlan(4, 5, 6, 2, 1)));
    assertThat(lines).hasSize(8);
    assertThat(lines.get(0)).startsWith("machine threads=").contains("sgemm_gflops=");
    // 4 prompts of 5; 4 completions of 6, the first token of each from its prompt's logits
    assertThat(lines.get(1)).startsWith("prefill rows=4 tokens=20 ");
    assertThat(lines.get(2)).startsWith("decode rows=4 tokens=20 ");
    assertThat(lines.get(3)).startsWith("generate rows=4 tokens=24 ");
    assertThat(lines.get(4)).startsWith("generate_groups rows=4 tokens=24 ");
    // 16 completions of 1.5 to 10.5 tokens, 6 on average
    assertThat(lines.get(5)).startsWith("generate_ragged rows=4 tokens=96 ");
    assertThat(lines.get(6)).startsWith("forward_backward rows=4 tokens=44 ");
    assertThat(lines.get(7)).startsWith("step rows=4 tokens=24 ");
  }

  @Test
  void aRandomCheckpointHasTheSizesOfTheModelItStandsFor(@TempDir Path folder) throws Exception {
    RandomCheckpoint.SMOLLM2_135M.write(folder);
    ModelConfig config = PolicyModels.configOf(folder);
    assertThat(config.parameters()).isEqualTo(134_515_008L);
    // bfloat16
    assertThat(folder.resolve("model.safetensors").toFile().length())
        .isBetween(2 * 134_515_008L, 2 * 134_515_008L + 100_000);
  }

  @Test
  void aPlanThatTheContextWouldCutShortIsRefused() {
    BenchPlan plan = new BenchPlan(1, 100, 16, 2, 1);
    plan.requireRoom(128);
    // 7 / 4 of 16 are 28.
    assertThatThrownBy(() -> plan.requireRoom(127))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "100 prompt tokens and up to 28 new ones, where lengths are ragged, do not fit the context of 127; ask for fewer");
  }

  @Test
  void aPlanOfNothingIsRefused() {
    assertThatThrownBy(() -> new BenchPlan(0, 64, 128, 8, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1")
        .hasMessageContaining("got 0, 64, 3, 128 and 8");
  }
}

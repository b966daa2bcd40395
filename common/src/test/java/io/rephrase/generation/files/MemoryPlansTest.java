package io.rephrase.generation.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.generation.SamplingParams;
import io.rephrase.memory.Machine;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What generate and score say of memory before they start, for SmolLM2-135M. */
class MemoryPlansTest {

  private static final long GIB = 1L << 30;
  private static final ModelConfig SMOLLM2 =
      new ModelConfig("llama", 30, 576, 9, 3, 64, 1536, 49152, 8192, List.of(2), 134_515_008);

  /** A heap and half a GiB of the process, weights twice and tables: see MemoryPlanTest. */
  private static final long BEFORE_LINES = GIB + GIB / 2 + 538_060_032 + 537_919_488 + 4_194_304;

  @Test
  void generateStatesItsBytesAndThatAllRowsFit() {
    // 32 GiB - 1.5 GiB - 1.01 GiB = 29.49 GiB
    assertThat(generate(128, 32 * GIB).lines())
        .containsExactly(
            "memory outside the heap: 1.01 GiB (weights 513.1 MiB, weights for decoding 513.0 MiB,"
                + " rotary tables 4.0 MiB) before the first line; 29.49 GiB are left for lines",
            "cache: 46080 bytes a token of each row; 32 rows (--batch-size) fit, even of 8192"
                + " tokens, the context");
  }

  @Test
  void aSmallerBatchThatFitsIsNamed() {
    // 12 rows of the context beside a pass over a prompt as long: see MemoryBudgetTest
    assertThat(generate(128, BEFORE_LINES + 465_567_744L + 12 * 379_846_656L).lines().get(1))
        .isEqualTo(
            "cache: 46080 bytes a token of each row; of 32 rows (--batch-size) 32 with short prompts"
                + " fit at once, and 12 of 8192 tokens, the context; others wait: --batch-size 12"
                + " always fits");
    // 30 blocks and a pass over as many tokens take 3840 x (46,080 + 56,832) + 2,359,296 =
    // 397,541,376 bytes, and a block more 5,898,240
    assertThat(generate(128, BEFORE_LINES + 400_000_000).lines().get(1))
        .endsWith("with short prompts fit at once, none longer than 3840 tokens; others wait");
  }

  @Test
  void aMachineWithoutRoomForOneCompletionIsRefusedWithTheBytes() {
    // 129 tokens are two blocks: 256 x 46,080 + 2,359,296 and 56,832 of the prompt's one token
    long least = 256 * 46_080 + 2_359_296 + 56_832;
    assertThat(generate(128, BEFORE_LINES + least).lines()).hasSize(2);
    assertThatThrownBy(() -> generate(128, BEFORE_LINES + least - 1))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "generate needs 1080173824 bytes outside the heap (weights 513.1 MiB")
        .hasMessageContaining(
            "and 14212608 bytes for its shortest line; 2704999167 bytes (2.52 GiB)")
        .hasMessageContaining(
            "of which the heap may take 1073741824 and the JVM 536870912: lower --max-tokens"
                + " or take a smaller checkpoint, give the heap less (REPHRASE_HEAP=512m)");
  }

  @Test
  void aMachineWithoutRoomForTheWeightsIsRefusedAlike() {
    assertThatThrownBy(() -> generate(128, GIB))
        .hasMessageStartingWith("generate needs 1080173824 bytes outside the heap")
        .hasMessageContaining("14212608 bytes for its shortest line; 1073741824 bytes");
  }

  @Test
  void aGpusMemoryIsNotLookedAt() {
    ModelOptions gpu = ModelOptions.defaults().on("gpu0");
    GeneratePlan plan = new GeneratePlan(SMOLLM2, options(gpu, 128), machine(GIB));
    assertThat(plan.lines().get(0)).endsWith("of the GPU, which is not looked at");
    assertThat(plan.budget().refusal(8000, 8192)).isEmpty();
  }

  @Test
  void scoreRefusesALineWhosePassIsTooLarge() {
    // weights, tables and 3 x 128 MiB of logits, then 6000 tokens of 56,832 bytes
    long memory = GIB + GIB / 2 + 538_060_032 + 4_194_304 + (384L << 20) + 6000 * 56_832L;
    ScoreOptions options = new ScoreOptions(Path.of("m"), cpu(), 1, ScoreOptions.TextEnd.NOTHING);
    ScorePlan plan = new ScorePlan(SMOLLM2, options, machine(memory));
    assertThat(plan.line())
        .startsWith("memory outside the heap: 901.1 MiB (weights 513.1 MiB, logits 384.0 MiB,")
        .endsWith(
            "before the first line; 325.2 MiB are left for lines, 56832 bytes a token of a pass");
    assertThat(plan.refusal(6000)).isEmpty();
    assertThat(plan.refusal(6001))
        .contains(
            "prompt and completion have 6001 tokens, a pass over which takes 341048832 bytes, but"
                + " 340992000 are left beside the weights; shorten them to 6000, or use more memory");
    // short lines are computed 4096 tokens at a time
    assertThatThrownBy(() -> new ScorePlan(SMOLLM2, options, machine(memory - 1904 * 56_832L - 1)))
        .hasMessageContaining("and 232783872 bytes for its shortest line");
  }

  private static GeneratePlan generate(int maxTokens, long memory) {
    return new GeneratePlan(SMOLLM2, options(cpu(), maxTokens), machine(memory));
  }

  private static GenerateOptions options(ModelOptions model, int maxTokens) {
    SamplingParams sampling = new SamplingParams(1, 1, 0, true, maxTokens, true);
    return new GenerateOptions(Path.of("m"), model, sampling, 1, 0, 32);
  }

  private static ModelOptions cpu() {
    return ModelOptions.defaults().on("cpu");
  }

  private static Machine machine(long memory) {
    return new Machine(memory, GIB, "cpu");
  }
}

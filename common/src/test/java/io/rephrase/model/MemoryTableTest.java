package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's table of what training takes, against what the code plans with. */
class MemoryTableTest {

  private static final Path README = Path.of("..", "README.md");
  private static final LoraSettings RANK_16 = new LoraSettings(16, 16, LoraSettings.ALL_LINEAR, 0);

  @Test
  void theReadmeHoldsWhatTheCodePlansWith() throws IOException {
    List<String> rows =
        Stream.of(
                row("SmolLM2-135M", config(30, 576, 9, 3, 64, 1536, 49_152, true)),
                row("Llama-3.2-1B", config(16, 2048, 32, 8, 64, 8192, 128_256, true)),
                row("Llama-3.2-3B", config(28, 3072, 24, 8, 128, 8192, 128_256, true)),
                row("Llama-3.1-8B", config(32, 4096, 32, 8, 128, 14_336, 128_256, false)))
            .toList();
    assertThat(Files.readAllLines(README)).containsSequence(rows);
  }

  @Test
  void sizesAreThoseOfTheCheckpoints() {
    assertThat(config(30, 576, 9, 3, 64, 1536, 49_152, true).parameters()).isEqualTo(134_515_008);
    assertThat(config(32, 4096, 32, 8, 128, 14_336, 128_256, false).parameters())
        .isEqualTo(8_030_261_248L); // as its index says: 16,060,522,496 bytes of bfloat16
  }

  private static String row(String name, ModelConfig config) {
    ModelMemory full = new ModelMemory(config, ModelOptions.defaults());
    LoraMemory wide = new LoraMemory(full, RANK_16, 4);
    LoraMemory narrow = new LoraMemory(full, RANK_16, 2);
    return "| %s | %s | %s | %s | %.1f M |"
        .formatted(
            name,
            gib(full.weights() + full.gradientsAndMoments()),
            gib(wide.weights() + wide.adapters()),
            gib(narrow.weights() + narrow.adapters()),
            wide.parameters() / 1e6);
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  private static ModelConfig config(
      int layers,
      int hidden,
      int heads,
      int keyValueHeads,
      int headSize,
      int forward,
      int vocabulary,
      boolean tied) {
    long block =
        2L * hidden * heads * headSize
            + 2L * hidden * keyValueHeads * headSize
            + 3L * hidden * forward
            + 2L * hidden;
    long tables = (tied ? 1L : 2L) * vocabulary * hidden;
    return new ModelConfig(
        "llama",
        layers,
        hidden,
        heads,
        keyValueHeads,
        headSize,
        forward,
        vocabulary,
        8192,
        List.of(2),
        layers * block + tables + hidden);
  }
}

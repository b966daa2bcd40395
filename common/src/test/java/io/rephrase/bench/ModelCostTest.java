package io.rephrase.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.generation.Throughput;
import io.rephrase.model.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCostTest {

  // L = 2, E = 4, H = 2, K = 1, D = 2, F = 8, V = 10
  private final ModelCost cost =
      new ModelCost(new ModelConfig("llama", 2, 4, 2, 1, 2, 8, 10, 64, List.of(), 0));

  @Test
  void aTokenIsMultipliedWithTheBlocksAndTheHead() {
    // queries and outputs 2 * 4 * 4, keys and values 2 * 4 * 2, feed-forward 3 * 4 * 8: 144 a block
    assertThat(cost.matrixNumbers()).isEqualTo(2 * 144 + 10 * 4);
  }

  @Test
  void aStepMultipliesAndAttendsForEachRowAndReadsTheMatricesOnce() {
    // 3 rows of 2 * 328; queries times 5 keys and weights times 5 values: 4 * 2 * 2 * 2 * 5 = 160
    assertThat(cost.stepFlops(3, 5)).isEqualTo(3 * (656 + 160));
    // keys and values of 5 tokens: 2 * 2 * 1 * 2 * 5 = 40 a row
    assertThat(cost.stepBytes(3, 5)).isEqualTo(4 * (328 + 3 * 40));
  }

  @Test
  void aPromptPaysTheHeadOnce() {
    // 4 tokens, each seeing 2 on average: 4 * (2 * 288 + 4 * 2 * 2 * 2 * 2), and 2 * 40
    assertThat(cost.prefillFlops(4)).isEqualTo(4 * (576 + 64) + 80);
  }

  @Test
  void trainingPaysThreeTimesTheForwardAndTheHeadForCompletionTokens() {
    // 3 + 2 - 1 tokens through the blocks, 2 through the head
    assertThat(cost.trainingFlops(3, 2)).isEqualTo(3 * (4 * (576 + 64) + 2 * 80));
  }

  @Test
  void whicheverBoundsTellsTheLimit() {
    MachineRates machine = new MachineRates(1, 100, 100, 5);
    // 200 flops at 100 a second; 10 bytes at twice the rate of a copy
    assertThat(machine.seconds(200, 10)).isEqualTo(2);
    assertThat(machine.seconds(50, 10)).isEqualTo(1);
  }

  @Test
  void theShareIsOfTheLimit() {
    Measurement measurement = new Measurement("decode rows=1", new Throughput(30, 3, 6), 1.5);
    assertThat(measurement.share()).isCloseTo(0.5, within(1e-12));
    assertThat(measurement.text())
        .isEqualTo(
            "decode rows=1 tokens=30 seconds=3.00 cpu_seconds=6.00 tokens_per_second=10.0"
                + " tokens_per_cpu_second=5.0 limit_tokens_per_second=20 share=0.50");
  }
}

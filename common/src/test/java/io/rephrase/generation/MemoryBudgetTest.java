package io.rephrase.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.model.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  /** SmolLM2-135M. */
  private static final ModelConfig SMOLLM2 =
      new ModelConfig("llama", 30, 576, 9, 3, 64, 1536, 49152, 8192, List.of(2), 134_515_008);

  @Test
  void aRowTakesItsBlocksOfTheCacheAndItsLogits() {
    MemoryBudget budget = of(Long.MAX_VALUE);
    // keys and values of 30 layers, 3 heads of 64 numbers of 4 bytes: 2 x 30 x 3 x 64 x 4
    assertThat(budget.bytesPerToken()).isEqualTo(46_080);
    // 12 numbers of 4 bytes for each of 49152 entries are 2,359,296 bytes
    assertThat(budget.rowBytes(1, 1)).isEqualTo(128 * 46_080 + 2_359_296);
    assertThat(budget.rowBytes(1, 128)).isEqualTo(128 * 46_080 + 2_359_296);
    assertThat(budget.rowBytes(32, 4001)).isEqualTo(32 * (4096 * 46_080L + 2_359_296));
    // 6 x 576 + 6 x 576 + 6 x 192 + 4 x 1536 = 14208 numbers of 4 bytes
    assertThat(budget.passBytes(4000)).isEqualTo(4000 * 56_832L);
  }

  @Test
  void soManyRowsFitBesideOnePassAsLong() {
    // a row of the whole context takes 8192 x 46,080 + 2,359,296 = 379,846,656 bytes,
    // and a pass over it 8192 x 56,832 = 465,567,744
    assertThat(of(465_567_744L + 12 * 379_846_656L).rows(8192)).isEqualTo(12);
    assertThat(of(465_567_744L + 12 * 379_846_656L - 1).rows(8192)).isEqualTo(11);
    assertThat(of(465_567_744L).rows(8192)).isZero();
    assertThat(of(465_567_744L + 379_846_656L).longest(1)).isEqualTo(8192);
    assertThat(of(465_567_744L + 379_846_656L - 1).longest(1)).isEqualTo(8191);
    assertThat(of(1000).longest(1)).isZero();
  }

  @Test
  void whatCouldNeverFitIsRefusedWithItsBytesAndTheCompletionThatWould() {
    // 4096 x 46,080 + 2,359,296 + 4000 x 56,832 = 418,430,976
    assertThat(of(418_430_976).refusal(4000, 4096)).isEmpty();
    // a block of 128 tokens less holds 3968: not even the prompt
    assertThat(of(418_430_975).refusal(4000, 4096))
        .contains(
            "the prompt has 4000 tokens, with its completion up to 4096, which take 418430976 bytes"
                + " (227328000 of them a pass over the prompt), but 418430975 are left beside the"
                + " weights; shorten it, or use more memory");
    // of a prompt of 100 tokens and a completion of 4000: 4224 x 46,080 + 2,359,296 + 5,683,200
    assertThat(of(202_684_416 - 1).refusal(100, 4100).orElseThrow())
        .contains("take 202684416 bytes")
        .contains("lower --max-tokens (maxTokens) to 3996, or use more memory"); // 4096 - 100
  }

  private static MemoryBudget of(long bytes) {
    return new MemoryBudget(SMOLLM2, bytes);
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.config.ConfigLoader;
import io.rephrase.config.RunConfig;
import io.rephrase.memory.MemoryShare;
import io.rephrase.memory.MemoryShare.Part;
import io.rephrase.model.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {

  /** SmolLM2-135M. */
  static final ModelConfig SMOLLM2 =
      new ModelConfig("llama", 30, 576, 9, 3, 64, 1536, 49152, 8192, List.of(2), 134_515_008);

  @Test
  void aTrainerTakesFourTimesTheWeightsAndOneForward() {
    MemoryShare trainer = plan("train.microBatchTokens=2048").trainer();
    assertThat(trainer.parts())
        .containsExactly(
            new Part("weights", 538_060_032), // 134,515,008 x 4
            new Part("gradients and AdamW", 1_614_180_096), // three times that
            new Part("rotary tables", 4_194_304), // 2 x 8192 x 64 x 4
            // a token keeps 6 x 576 + 6 x 576 + 6 x 192 + 4 x 1536 = 14208 numbers a block:
            // 14208 x 4 x 30 = 1,704,960 bytes, 2048 times
            new Part("activations", 3_491_758_080L),
            new Part("logits", 402_653_184)); // 3 chunks of 128 MiB
    assertThat(trainer.bytes()).isEqualTo(6_050_845_696L);
  }

  @Test
  void adaptersTakeAHundredthOfGradientsAndAdamW() {
    // rank 16 of q and o 576 + 576, k and v 576 + 192, gate, up and down 576 + 1536, 30 blocks:
    // 16 x (2 x 1152 + 2 x 768 + 3 x 2112) x 30 = 4,884,480 numbers, 4 x 4 bytes each
    assertThat(plan("policy.lora.rank=16").trainer().parts())
        .contains(
            new Part("frozen weights", 538_060_032),
            new Part("adapters, their gradients and AdamW", 78_151_680));
    assertThatThrownBy(() -> plan("policy.lora.rank=16", "policy.lora.targets=[wq]"))
        .hasMessageContaining("LoRA target \"wq\" matches no module");
  }

  @Test
  void anEngineTakesWeightsTheirCopyAndItsCache() {
    MemoryShare engine = plan("engine.slots=32", "engine.maxContextTokens=1024").engine();
    assertThat(engine.parts())
        .containsExactly(
            new Part("engine weights", 538_060_032),
            new Part("engine rotary tables", 4_194_304),
            // 576 x (64 x (9 + 3 + 3 + 9) + 3 x 1536) = 3,538,944 numbers a block, 30 blocks,
            // and a head of 49152 x 576 numbers
            new Part("weights for decoding", 537_919_488),
            // 2 x 30 x 3 x 64 x 4 = 46,080 bytes a token
            new Part("cache of 32 slots x 1024 tokens", 1_509_949_440),
            new Part("a scoring pass", 232_783_872), // 4096 x 14208 x 4
            new Part("logits", 402_653_184));
    assertThat(engine.bytes()).isEqualTo(3_225_560_320L);
  }

  @Test
  void withoutALimitTheCacheMayFillTheWholeContext() {
    MemoryPlan plan = plan("engine.slots=32", "rollout.maxTokens=256", "rephrase.maxTokens=320");
    assertThat(plan.engine().parts())
        .contains(new Part("cache of 32 slots x 8192 tokens", 12_079_595_520L));
    assertThat(plan.leastEngine().parts())
        .contains(new Part("cache of 32 slots x 320 tokens", 471_859_200));
  }

  @Test
  void inOneProcessTheLargerOfGeneratingAndTrainingCounts() {
    // trained 2,156,434,432 + engine's weights 542,254,336 + the larger of
    // training 3,491,758,080 + 402,653,184 and generating 2,683,305,984
    assertThat(plan("train.microBatchTokens=2048", "engine.maxContextTokens=1024").together())
        .extracting(MemoryShare::bytes)
        .isEqualTo(2_156_434_432L + 542_254_336 + 3_894_411_264L);
    // generating 537,919,488 + 12,079,595,520 + 232,783,872 + 402,653,184
    assertThat(plan("train.microBatchTokens=2048").together().bytes())
        .isEqualTo(2_156_434_432L + 542_254_336 + 13_252_952_064L);
  }

  @Test
  void aPenaltyAgainstTheFirstPolicyHoldsItToo() {
    assertThat(plan("algorithm.kl.coefficient=0.01").trainer().parts())
        .contains(new Part("reference policy", 542_254_336));
  }

  @Test
  void thePlanIsALineAShare() {
    assertThat(plan("train.microBatchTokens=2048", "engine.maxContextTokens=1024").lines())
        .containsExactly(
            "memory outside the heap: trainer 5.64 GiB (activations 3.25 GiB, gradients and AdamW"
                + " 1.50 GiB, weights 513.1 MiB, logits 384.0 MiB, rotary tables 4.0 MiB)",
            "memory outside the heap: engine 2.30 GiB with short prompts, at most 3.00 GiB with every"
                + " slot full; engine.maxContextTokens lowers that (cache of 32 slots x 1024 tokens 1.41 GiB,"
                + " engine weights 513.1 MiB, weights for decoding 513.0 MiB, logits 384.0 MiB,"
                + " a scoring pass 222.0 MiB, engine rotary tables 4.0 MiB)",
            // 32 x (8 x 512 + 512) ids of 4 bytes and 32 x 512 log-probs of 4
            "memory of the driver's heap: at most 288.6 MiB (Spark 256.0 MiB, groups being read 32.0"
                + " MiB, token ids 0.6 MiB, log-probs of rephrasings 0.1 MiB)");
  }

  @Test
  void theEmbeddedPolicyIsPlannedFromItsOwnSizes() {
    RunConfig config = config();
    // 0.3M parameters: 1.2 MiB; beside them a cache of 32 slots
    assertThat(MemoryPlan.ofFirstPolicy(config).trainer().bytes()).isLessThan(200L << 20);
  }

  static MemoryPlan plan(String... words) {
    return MemoryPlan.of(config(words), SMOLLM2);
  }

  private static RunConfig config(String... words) {
    return new ConfigLoader().words(List.of(words)).load().config();
  }
}

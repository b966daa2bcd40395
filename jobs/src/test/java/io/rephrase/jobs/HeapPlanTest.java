package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.config.ConfigLoader;
import io.rephrase.config.RunConfig;
import io.rephrase.memory.MemoryShare;
import io.rephrase.memory.MemoryShare.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapPlanTest {

  private static final Part READ = new Part("groups being read", 33_554_432); // 32 MiB
  private static final Part SPARK = new Part("Spark", 268_435_456); // 256 MiB

  @Test
  void aThousandPromptsOfSixteenLongRolloutsFitInAGibibyte() {
    // 1000 x 16 x 8192 = 131,072,000 tokens, 4 bytes each
    assertThat(
            plan(
                    8192,
                    "algorithm.preset=grpo",
                    "rollout.promptsPerIteration=1000",
                    "rollout.groupSize=16",
                    "rollout.maxTokens=8192")
                .parts())
        .containsExactly(
            new Part("token ids", 524_288_000),
            new Part("log-probs of rephrasings", 0),
            READ,
            SPARK);
  }

  @Test
  void aRephrasingHasIdsAndLogProbs() {
    // 10 prompts of 4 x 100 sampled and 50 rephrased tokens: 4500 ids, 500 log-probs
    assertThat(repo("train.stepsPerIteration=1").parts())
        .containsExactly(
            new Part("token ids", 18_000),
            new Part("log-probs of rephrasings", 2_000),
            READ,
            SPARK);
  }

  @Test
  void twoStepsScoreAllAndTheReferenceAStep() {
    // 4500 tokens x (8 + 8) bytes, and 2250 of a step
    assertThat(repo("train.stepsPerIteration=2", "algorithm.kl.coefficient=0.1").parts())
        .contains(
            new Part("scores before the first step", 72_000),
            new Part("scores of the reference policy", 36_000));
  }

  @Test
  void noCompletionIsLongerThanTheContext() {
    // 32 prompts x 8 x 64 tokens x 4 bytes
    assertThat(plan(64, "algorithm.preset=grpo", "rollout.maxTokens=100").parts())
        .contains(new Part("token ids", 65_536));
  }

  @Test
  void whereNothingIsComparedNothingIsSampled() {
    // 32 prompts x 512 rephrased tokens x 4 bytes
    assertThat(plan(8192, "algorithm.preset=sft-rephrased", "rephrase.when=eager").parts())
        .contains(new Part("token ids", 65_536));
  }

  private static MemoryShare repo(String word, String... more) {
    List<String> words =
        List.of(
            "algorithm.preset=repo",
            "rollout.promptsPerIteration=10",
            "rollout.groupSize=4",
            "rollout.maxTokens=100",
            "rephrase.maxTokens=50",
            word);
    return HeapPlan.of(config(concat(words, List.of(more))), 8192);
  }

  private static List<String> concat(List<String> words, List<String> more) {
    return java.util.stream.Stream.concat(words.stream(), more.stream()).toList();
  }

  private static MemoryShare plan(int contextTokens, String... words) {
    return HeapPlan.of(config(List.of(words)), contextTokens);
  }

  private static RunConfig config(List<String> words) {
    return new ConfigLoader().words(words).load().config();
  }
}

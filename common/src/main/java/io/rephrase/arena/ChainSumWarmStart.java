package io.rephrase.arena;

import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModel;
import io.rephrase.model.PolicyModels;
import io.rephrase.prompt.ChatFormat;
import io.rephrase.prompt.ChatTemplate;
import io.rephrase.prompt.PromptFormat;
import io.rephrase.prompt.PromptTemplate;
import io.rephrase.prompt.QuestionPrompt;
import io.rephrase.prompt.RephrasePrompt;
import io.rephrase.prompt.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Warm-starts a pretrained checkpoint on chain sums, through its own chat template: it solves sums
 * of 2 and 3 terms and restates solutions of 2 to 6.
 */
public final class ChainSumWarmStart {

  private static final List<Integer> SOLVED = List.of(2, 3);
  private static final List<Integer> RESTATED = List.of(2, 3, 4, 5, 6);

  private ChainSumWarmStart() {}

  /** What the checkpoint in {@code folder} learns from. */
  public static WarmStartCorpus corpus(Path folder, ChainSumWorld world) {
    PromptFormat chat = new ChatFormat(ChatTemplate.open(folder), List.of(), Map.of());
    return new WarmStartCorpus(
        world,
        new QuestionPrompt(PromptTemplate.shipped("question"), chat),
        new RephrasePrompt(PromptTemplate.shipped("rephrase"), chat),
        SOLVED,
        RESTATED);
  }

  /**
   * Trains a checkpoint.
   *
   * @param source folder of the checkpoint
   * @param trained new folder for the result
   * @param settings {@link WarmStart.Settings#chainSum()} suits a pretrained one
   * @param seed of the examples
   * @return moving average of the loss over the last steps, nats a token
   */
  public static double run(
      Path source,
      Path trained,
      WarmStart.Settings settings,
      long seed,
      WarmStart.StepListener listener)
      throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(source);
        PolicyModel policy = PolicyModels.openForTraining(source, ModelOptions.defaults())) {
      WarmStartCorpus corpus = corpus(source, ChainSumWorld.twoDigits());
      double loss = new WarmStart(corpus, settings).train(policy, tokenizer, seed, listener);
      policy.save(trained);
      return loss;
    }
  }
}

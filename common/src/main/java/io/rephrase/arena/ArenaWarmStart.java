package io.rephrase.arena;

import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModel;
import io.rephrase.model.PolicyModels;
import io.rephrase.prompt.PromptTemplate;
import io.rephrase.prompt.QuestionPrompt;
import io.rephrase.prompt.RawFormat;
import io.rephrase.prompt.RephrasePrompt;
import io.rephrase.prompt.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes the arena's policy from nothing: random weights, then a warm start that solves 1 to 3 steps
 * and restates 1 to 6. A function of its seed, up to the order of floating-point sums.
 */
public final class ArenaWarmStart {

  private ArenaWarmStart() {}

  /** What the arena's policy learns from. */
  public static WarmStartCorpus corpus() {
    RawFormat raw = new RawFormat();
    return new WarmStartCorpus(
        new ArenaWorld(),
        new QuestionPrompt(PromptTemplate.shipped("arena-question"), raw),
        new RephrasePrompt(PromptTemplate.shipped("arena-rephrase"), raw),
        ArenaWorld.EASY,
        ArenaWorld.LEVELS);
  }

  /**
   * Makes a policy.
   *
   * @param untrained new folder for the random weights
   * @param trained new folder for the policy
   * @param settings {@link WarmStart.Settings#arena()} made the shipped one
   * @param seed of weights and examples
   * @return moving average of the loss over the last steps, nats a token
   */
  public static double run(
      Path untrained,
      Path trained,
      WarmStart.Settings settings,
      long seed,
      WarmStart.StepListener listener)
      throws IOException {
    TinyLlama.arena().create(untrained, seed);
    try (Tokenizer tokenizer = Tokenizer.open(untrained);
        PolicyModel policy = PolicyModels.openForTraining(untrained, ModelOptions.defaults())) {
      double loss = new WarmStart(corpus(), settings).train(policy, tokenizer, seed, listener);
      policy.save(trained);
      return loss;
    }
  }
}

package io.rephrase.arena;

import io.rephrase.model.AdamWSettings;
import io.rephrase.model.PolicyModel;
import io.rephrase.model.TokenGradients;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.prompt.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Supervised training on a {@link WarmStartCorpus}: the mean negative log-likelihood of the
 * completions' tokens, their end included. Brings a policy into the regime the method is about: it
 * solves easy problems, fails at hard ones and understands a given solution.
 */
public final class WarmStart {

  private final WarmStartCorpus corpus;
  private final Settings settings;

  public WarmStart(WarmStartCorpus corpus, Settings settings) {
    this.corpus = corpus;
    this.settings = settings;
  }

  /** Hears of every optimizer step, on the thread that trains. */
  @FunctionalInterface
  public interface StepListener {
    /**
     * A step is done.
     *
     * @param loss moving average over the last steps, nats a token
     * @param gradientNorm before clipping
     */
    void onStep(double loss, double gradientNorm);
  }

  /** How the learning rate falls to 0 at the last step. */
  public enum Decay {
    COSINE {
      @Override
      double factor(double progress) {
        return 0.5 * (1 + Math.cos(Math.PI * progress));
      }
    },
    LINEAR {
      @Override
      double factor(double progress) {
        return 1 - progress;
      }
    };

    abstract double factor(double progress);
  }

  /**
   * @param steps of the optimizer
   * @param rows a step
   * @param microBatchRows rows held at a time; the gradient does not depend on it
   * @param learningRate the highest
   * @param warmUpSteps with a rising learning rate
   * @param decay after those
   */
  public record Settings(
      int steps, int rows, int microBatchRows, double learningRate, int warmUpSteps, Decay decay) {
    public Settings {
      if (steps < 1 || rows < 1 || microBatchRows < 1) {
        throw new IllegalArgumentException(
            "steps, rows and microBatchRows must be at least 1, got %d, %d and %d"
                .formatted(steps, rows, microBatchRows));
      }
      if (warmUpSteps < 0 || warmUpSteps > steps) {
        throw new IllegalArgumentException(
            "warmUpSteps must be in [0, %d], got %d".formatted(steps, warmUpSteps));
      }
    }

    /** A tiny policy from random weights: the arena's. */
    public static Settings arena() {
      return new Settings(3000, 64, 64, 2e-3, 100, Decay.COSINE);
    }

    /** A pretrained checkpoint on chain sums. */
    public static Settings chainSum() {
      return new Settings(150, 12, 4, 1e-4, 10, Decay.LINEAR);
    }

    /** The learning rate of {@code step}, counted from 0. */
    double learningRateAt(int step) {
      if (step < warmUpSteps) {
        return learningRate * (step + 1) / warmUpSteps;
      }
      return learningRate * decay.factor((double) (step - warmUpSteps) / (steps - warmUpSteps));
    }
  }

  /**
   * Trains {@code policy} in place.
   *
   * @param policy opened for training; stays open
   * @param seed of the examples
   * @return moving average of the loss over the last steps, nats a token
   */
  public double train(PolicyModel policy, Tokenizer tokenizer, long seed, StepListener listener) {
    tokenizer.checkFits(policy.config().vocabularySize());
    policy.config().requireEnd("the checkpoint to start from");
    double recent = 0;
    for (int step = 0; step < settings.steps(); step++) {
      List<TokenSequence> rows = rows(policy, tokenizer, step, seed);
      double loss = accumulate(policy, rows);
      double norm = policy.clipGradients(1.0);
      policy.step(new AdamWSettings(settings.learningRateAt(step), 0.9, 0.999, 1e-8, 0));
      policy.zeroGradients();
      recent = step == 0 ? loss : 0.95 * recent + 0.05 * loss;
      listener.onStep(recent, norm);
    }
    return recent;
  }

  private List<TokenSequence> rows(PolicyModel policy, Tokenizer tokenizer, int step, long seed) {
    int eos = policy.config().eosTokenIds().get(0);
    List<TokenSequence> rows = new ArrayList<>(settings.rows());
    for (WarmStartCorpus.Example example : corpus.batch(settings.rows(), step, seed)) {
      int[] body = tokenizer.encode(example.completion());
      int[] completion = Arrays.copyOf(body, body.length + 1);
      completion[body.length] = eos;
      rows.add(new TokenSequence(tokenizer.encode(example.prompt()), completion));
    }
    return rows;
  }

  /** Adds the step's gradient, micro-batch by micro-batch, and returns its loss. */
  private double accumulate(PolicyModel policy, List<TokenSequence> rows) {
    int tokens = rows.stream().mapToInt(row -> row.completionIds().length).sum();
    double loss = 0;
    for (int from = 0; from < rows.size(); from += settings.microBatchRows()) {
      int to = Math.min(rows.size(), from + settings.microBatchRows());
      List<TokenScores> scores =
          policy.accumulateGradients(
              rows.subList(from, to),
              1.0,
              (row, score) -> meanNegativeLogLikelihood(score, tokens));
      for (TokenScores score : scores) {
        loss -= Arrays.stream(score.logProbs()).sum() / tokens;
      }
    }
    return loss;
  }

  private static TokenGradients meanNegativeLogLikelihood(TokenScores scores, int stepTokens) {
    double[] logProbs = new double[scores.logProbs().length];
    Arrays.fill(logProbs, -1.0 / stepTokens);
    return new TokenGradients(logProbs, new double[logProbs.length]);
  }
}

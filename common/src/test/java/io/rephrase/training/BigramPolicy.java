package io.rephrase.training;

import io.rephrase.model.AdamWSettings;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.PolicyModel;
import io.rephrase.model.ScoreGradient;
import io.rephrase.model.TokenGradients;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The smallest real language model: logits of the next token are a row of weights chosen by the
 * last one. Exact gradients in double precision.
 */
class BigramPolicy implements PolicyModel {

  private final int vocabulary;
  private final double[] weights;
  private final double[] gradients;
  private final double[] first;
  private final double[] second;
  private long steps;

  BigramPolicy(int vocabulary) {
    this.vocabulary = vocabulary;
    int size = vocabulary * vocabulary;
    this.weights = new double[size];
    this.gradients = new double[size];
    this.first = new double[size];
    this.second = new double[size];
    for (int i = 0; i < size; i++) {
      weights[i] = Math.sin(i);
    }
  }

  double[] weights() {
    return weights.clone();
  }

  double[] gradients() {
    return gradients.clone();
  }

  @Override
  public ModelConfig config() {
    return new ModelConfig("bigram", 1, 1, 1, 1, 1, 1, vocabulary, 64, List.of(0), weights.length);
  }

  @Override
  public List<TokenScores> score(List<TokenSequence> rows, double temperature) {
    return rows.stream().map(row -> score(row, temperature)).toList();
  }

  @Override
  public List<TokenScores> accumulateGradients(
      List<TokenSequence> rows, double temperature, ScoreGradient gradient) {
    List<TokenScores> scores = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      TokenScores own = score(rows.get(row), temperature);
      scores.add(own);
      carryBack(rows.get(row), temperature, own, gradient.of(row, own));
    }
    return scores;
  }

  private TokenScores score(TokenSequence row, double temperature) {
    int tokens = row.completionIds().length;
    double[] logProbs = new double[tokens];
    double[] entropies = new double[tokens];
    for (int t = 0; t < tokens; t++) {
      double[] all = logSoftmax(before(row, t), temperature);
      logProbs[t] = all[row.completionIds()[t]];
      entropies[t] = -Arrays.stream(all).map(l -> Math.exp(l) * l).sum();
    }
    return new TokenScores(logProbs, entropies);
  }

  /** d l / d logit_j = 1[j = y] - p_j; d H / d logit_j = -p_j (log p_j + H). */
  private void carryBack(
      TokenSequence row, double temperature, TokenScores scores, TokenGradients upstream) {
    for (int t = 0; t < row.completionIds().length; t++) {
      double[] all = logSoftmax(before(row, t), temperature);
      for (int j = 0; j < vocabulary; j++) {
        double p = Math.exp(all[j]);
        double own = j == row.completionIds()[t] ? 1 : 0;
        double slope =
            upstream.logProbs()[t] * (own - p)
                - upstream.entropies()[t] * p * (all[j] + scores.entropies()[t]);
        gradients[before(row, t) * vocabulary + j] += slope / temperature;
      }
    }
  }

  private static int before(TokenSequence row, int token) {
    int[] prompt = row.promptIds();
    return token == 0 ? prompt[prompt.length - 1] : row.completionIds()[token - 1];
  }

  private double[] logSoftmax(int previous, double temperature) {
    double[] logits =
        Arrays.stream(weights, previous * vocabulary, (previous + 1) * vocabulary)
            .map(logit -> logit / temperature)
            .toArray();
    double logSum = Math.log(Arrays.stream(logits).map(Math::exp).sum());
    return Arrays.stream(logits).map(logit -> logit - logSum).toArray();
  }

  @Override
  public double clipGradients(double maxNorm) {
    double norm = Math.sqrt(Arrays.stream(gradients).map(g -> g * g).sum());
    double factor = Math.min(1, maxNorm / norm);
    for (int i = 0; i < gradients.length && factor < 1; i++) {
      gradients[i] *= factor;
    }
    return norm;
  }

  @Override
  public void step(AdamWSettings settings) {
    steps++;
    for (int i = 0; i < weights.length; i++) {
      first[i] = settings.beta1() * first[i] + (1 - settings.beta1()) * gradients[i];
      second[i] =
          settings.beta2() * second[i] + (1 - settings.beta2()) * gradients[i] * gradients[i];
      double mean = first[i] / (1 - Math.pow(settings.beta1(), steps));
      double square = second[i] / (1 - Math.pow(settings.beta2(), steps));
      weights[i] -= settings.learningRate() * settings.weightDecay() * weights[i];
      weights[i] -= settings.learningRate() * mean / (Math.sqrt(square) + settings.epsilon());
    }
  }

  @Override
  public void zeroGradients() {
    Arrays.fill(gradients, 0);
  }

  @Override
  public void save(Path folder) {
    write(folder, "weights.txt", weights);
  }

  @Override
  public void saveOptimizer(Path folder) {
    write(folder, "moments.txt", first);
  }

  private static void write(Path folder, String name, double[] values) {
    try {
      Files.createDirectory(folder);
      Files.writeString(folder.resolve(name), Arrays.toString(values));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void loadOptimizer(Path folder) {
    throw new UnsupportedOperationException("not needed here");
  }

  @Override
  public long nativeBytes() {
    return 0;
  }

  @Override
  public void close() {}
}

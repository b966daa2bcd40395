package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.rephrase.torch.ScriptModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The vocabulary projection, and the scores and gradients that are read off it. Logits exist for
 * one chunk of tokens at a time. The gradient is written down rather than recorded: with {@code p =
 * softmax(z)}, {@code H} its entropy, and gradients {@code a} of the log-probability of token
 * {@code y} and {@code b} of the entropy, {@code dz_j = a (1[j = y] - p_j) - b p_j (log p_j + H)}.
 */
final class PolicyHead {
  private static final ScriptModule KERNELS = ScriptModule.of("policy");

  private final ModelWeights weights;
  private final int chunkTokens;

  PolicyHead(ModelWeights weights, long logitBytes) {
    this.weights = weights;
    long bytesPerToken = (long) Float.BYTES * weights.config().vocabularySize();
    this.chunkTokens = (int) Math.max(1, Math.min(1 << 20, logitBytes / bytesPerToken));
  }

  /** How many tokens have their logits in memory at once. */
  int chunkTokens() {
    return chunkTokens;
  }

  /** Logits of every token of {@code hidden} [C, E], row-major [C, V]; all at once. */
  float[] logits(NDManager pass, NDArray hidden) {
    try (NDArray logits = KERNELS.one(pass, "logits", hidden, weights.head())) {
      return logits.toFloatArray();
    }
  }

  /** Scores of each row, given the scored tokens' hidden states [C, E] over the temperature. */
  List<TokenScores> scores(NDManager pass, NDArray hidden, PackedRows rows) {
    double[] logProbs = new double[rows.targets().length];
    double[] entropies = new double[rows.targets().length];
    for (int from = 0; from < logProbs.length; from += chunkTokens) {
      int to = Math.min(logProbs.length, from + chunkTokens);
      try (Chunk chunk =
          new Chunk(pass, hidden, Arrays.copyOfRange(rows.targets(), from, to), from)) {
        chunk.read(logProbs, entropies);
      }
    }
    List<TokenScores> byRow = new ArrayList<>();
    for (int row = 0; row < rows.rows(); row++) {
      byRow.add(rows.slice(row, logProbs, entropies));
    }
    return byRow;
  }

  /** The tokens {@code [from, from + targets)} of a pass, with their log-softmax in memory. */
  final class Chunk implements AutoCloseable {
    private final NDManager scope;
    private final int from;
    private final NDArray hidden;
    private final NDArray ids;
    private final NDList scores;

    Chunk(NDManager pass, NDArray allHidden, long[] targets, int from) {
      this.scope = pass.newSubManager();
      this.from = from;
      this.hidden = KERNELS.one(scope, "rows", allHidden, from, from + targets.length);
      this.ids = scope.create(targets, new Shape(targets.length));
      this.scores = KERNELS.many(scope, "scores", hidden, weights.head(), ids);
    }

    /** Writes this chunk's scores to their places. */
    void read(double[] logProbs, double[] entropies) {
      widen(scores.get(0), logProbs);
      widen(scores.get(1), entropies);
    }

    private void widen(NDArray array, double[] into) {
      float[] numbers = array.toFloatArray();
      for (int i = 0; i < numbers.length; i++) {
        into[from + i] = numbers[i];
      }
    }

    /**
     * Adds the gradient of the head to {@code buffer}, [V, E] or without a number, and puts that of
     * the hidden states in its rows of {@code hiddenGradient} [C, E]. Uses the log-softmax up: once
     * a chunk.
     */
    void backward(double[] dLogProbs, double[] dEntropies, NDArray hiddenGradient, NDArray buffer) {
      NDArray dLogProb = narrow(dLogProbs);
      NDArray gradient;
      if (isZero(dEntropies)) {
        gradient =
            KERNELS.one(
                scope,
                "head_gradient",
                hidden,
                weights.head(),
                ids,
                scores.get(2),
                dLogProb,
                buffer);
      } else {
        gradient =
            KERNELS.one(
                scope,
                "head_gradient_with_entropy",
                hidden,
                weights.head(),
                ids,
                scores.get(2),
                dLogProb,
                scores.get(1),
                narrow(dEntropies),
                buffer);
      }
      KERNELS.run("put_rows", hiddenGradient, from, gradient);
    }

    private boolean isZero(double[] numbers) {
      return Arrays.stream(numbers, from, from + (int) ids.size()).allMatch(x -> x == 0);
    }

    private NDArray narrow(double[] numbers) {
      float[] narrow = new float[(int) ids.size()];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) numbers[from + i];
      }
      return scope.create(narrow, new Shape(narrow.length));
    }

    @Override
    public void close() {
      scope.close();
    }
  }
}

package io.rephrase.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.rephrase.data.Seeds;
import io.rephrase.torch.ScriptModule;
import java.util.List;

/**
 * Draws one token a row by the inverse of the cumulative distribution in vocabulary order,
 * natively: only the chosen ids and their log-probabilities are copied. The uniform number of a row
 * is a function of its seed and of the token's index in the completion. Top-k and top-p keep what
 * is as probable as the least probable token they need, ties included, so that no order of equals
 * matters. Stateless and thread-safe.
 */
final class TokenSampler {
  private static final ScriptModule KERNELS = ScriptModule.of("sampling");

  /**
   * Most probable tokens among which top-k and top-p look for their cut; the whole vocabulary is
   * sorted only for steps in which a row needs more.
   */
  private static final int SORTED_FIRST = 512;

  private TokenSampler() {}

  /** What is drawn for one row: the token of index {@code index} in its completion. */
  record Draw(SamplingParams params, long seed, int index) {
    boolean filtered() {
      return !params.greedy() && (params.topP() < 1 || params.topK() > 0);
    }
  }

  /**
   * A drawn token.
   *
   * @param logProb under the full softmax at the scoring temperature; not finite where the logits
   *     were not
   */
  record Token(int id, float logProb) {}

  /** The named rows of {@code logits}, in that order; a row may be named again. */
  static NDArray rows(NDManager step, NDArray logits, long[] rows) {
    return KERNELS.one(step, "rows", logits, step.create(rows, new Shape(rows.length)));
  }

  /** One token for each row of {@code logits} [B, V]. */
  static Token[] sample(NDManager step, NDArray logits, List<Draw> draws) {
    int rows = draws.size();
    int vocabulary = Math.toIntExact(logits.getShape().get(1));
    double[] settings = new double[rows * 3];
    boolean[] greedy = new boolean[rows];
    long[] topK = new long[rows];
    for (int row = 0; row < rows; row++) {
      Draw draw = draws.get(row);
      settings[row * 3] = draw.params().scoringTemperature();
      settings[row * 3 + 1] = Seeds.uniform(draw.seed(), draw.index());
      settings[row * 3 + 2] = draw.params().topP() < 1 ? draw.params().topP() : 2;
      greedy[row] = draw.params().greedy();
      topK[row] = draw.params().topK() == 0 ? vocabulary : draw.params().topK();
    }
    NDArray chosen =
        KERNELS.one(
            step,
            "sample",
            logits,
            step.create(settings, new Shape(rows, 3)),
            step.create(greedy),
            step.create(topK, new Shape(rows, 1)),
            draws.stream().anyMatch(Draw::filtered) ? 1 : 0,
            draws.stream().anyMatch(draw -> draw.params().greedy()) ? 1 : 0,
            draws.stream().allMatch(draw -> draw.params().greedy()) ? 0 : 1,
            Math.min(SORTED_FIRST, vocabulary));
    double[] numbers = chosen.toDoubleArray();
    Token[] tokens = new Token[rows];
    for (int row = 0; row < rows; row++) {
      tokens[row] = new Token((int) numbers[row], (float) numbers[rows + row]);
    }
    return tokens;
  }
}

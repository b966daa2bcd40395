package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Forward and backward through the head for the rows of one training pass. A loss answers for a
 * whole row: rows that fit into a chunk of logits together are kept until it has; a longer row is
 * scored first, and its logits are computed again on the way back.
 */
final class HeadPass {
  private final PolicyHead head;
  private final NDManager pass;
  private final NDArray hidden;
  private final PackedRows rows;
  private final NDArray gradient;
  private final double[] logProbs;
  private final double[] entropies;
  private final double[] dLogProbs;
  private final double[] dEntropies;
  private final List<TokenScores> scores = new ArrayList<>();

  HeadPass(PolicyHead head, NDManager pass, NDArray hidden, PackedRows rows) {
    this.head = head;
    this.pass = pass;
    this.hidden = hidden;
    this.rows = rows;
    this.gradient = pass.zeros(hidden.getShape());
    int tokens = rows.targets().length;
    this.logProbs = new double[tokens];
    this.entropies = new double[tokens];
    this.dLogProbs = new double[tokens];
    this.dEntropies = new double[tokens];
  }

  /** Scores of all rows, after {@link #run}. */
  List<TokenScores> scores() {
    return scores;
  }

  /** Gradient with respect to the hidden states, [C, E], after {@link #run}. */
  NDArray gradient() {
    return gradient;
  }

  /** Whether the loss asked for any change at all; NaN is one. */
  boolean hasGradient() {
    return !Arrays.stream(dLogProbs).allMatch(x -> x == 0)
        || !Arrays.stream(dEntropies).allMatch(x -> x == 0);
  }

  /** Adds the head's gradient to {@code buffer} [V, E]; not to one without a number. */
  void run(ScoreGradient loss, NDArray buffer) {
    int row = 0;
    while (row < rows.rows()) {
      int end = endOfChunk(row);
      int from = rows.scoredStarts()[row];
      int to = rows.scoredStarts()[end];
      if (to - from <= head.chunkTokens()) {
        shortRows(row, end, loss, buffer);
      } else {
        longRow(row, loss, buffer);
      }
      row = end;
    }
  }

  private int endOfChunk(int first) {
    int[] starts = rows.scoredStarts();
    int end = first + 1;
    while (end < rows.rows() && starts[end + 1] - starts[first] <= head.chunkTokens()) {
      end++;
    }
    return end;
  }

  private void shortRows(int first, int end, ScoreGradient loss, NDArray buffer) {
    int from = rows.scoredStarts()[first];
    int to = rows.scoredStarts()[end];
    if (from == to) {
      ask(first, end, loss);
      return;
    }
    try (PolicyHead.Chunk chunk = chunk(from, to)) {
      chunk.read(logProbs, entropies);
      ask(first, end, loss);
      if (wanted(from, to)) {
        chunk.backward(dLogProbs, dEntropies, gradient, buffer);
      }
    }
  }

  private void longRow(int row, ScoreGradient loss, NDArray buffer) {
    int start = rows.scoredStarts()[row];
    int end = rows.scoredStarts()[row + 1];
    int step = head.chunkTokens();
    for (int from = start; from < end; from += step) {
      try (PolicyHead.Chunk chunk = chunk(from, Math.min(end, from + step))) {
        chunk.read(logProbs, entropies);
      }
    }
    ask(row, row + 1, loss);
    for (int from = start; from < end; from += step) {
      int to = Math.min(end, from + step);
      if (wanted(from, to)) {
        try (PolicyHead.Chunk chunk = chunk(from, to)) {
          chunk.backward(dLogProbs, dEntropies, gradient, buffer);
        }
      }
    }
  }

  private PolicyHead.Chunk chunk(int from, int to) {
    return head.new Chunk(pass, hidden, Arrays.copyOfRange(rows.targets(), from, to), from);
  }

  private boolean wanted(int from, int to) {
    return !Arrays.stream(dLogProbs, from, to).allMatch(x -> x == 0)
        || !Arrays.stream(dEntropies, from, to).allMatch(x -> x == 0);
  }

  private void ask(int first, int end, ScoreGradient loss) {
    for (int row = first; row < end; row++) {
      TokenScores rowScores = rows.slice(row, logProbs, entropies);
      TokenGradients answer = loss.of(row, rowScores);
      int tokens = rowScores.logProbs().length;
      if (answer.logProbs().length != tokens) {
        throw new IllegalArgumentException(
            "the gradient of row %d has %d entries, but its completion has %d tokens"
                .formatted(row, answer.logProbs().length, tokens));
      }
      System.arraycopy(answer.logProbs(), 0, dLogProbs, rows.scoredStarts()[row], tokens);
      System.arraycopy(answer.entropies(), 0, dEntropies, rows.scoredStarts()[row], tokens);
      scores.add(rowScores);
    }
  }
}

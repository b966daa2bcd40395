package io.rephrase.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows laid end to end, without padding: [N] tokens, N being the sum of their lengths. Rows of
 * equal length lie together, so that attention takes them as one batch. A row's last token is left
 * out, since nothing is predicted from it.
 *
 * @param ids of the tokens, [N]
 * @param positions of each within its row, [N]
 * @param counts how many rows each run of equal lengths has
 * @param lengths of the rows of each run
 * @param scored indices into [N] from which completion tokens are predicted, in row order, [C]
 * @param targets the completion tokens, in row order, [C]
 * @param scoredStarts where each row starts in [C]; one more entry than rows
 */
record PackedRows(
    long[] ids,
    long[] positions,
    long[] counts,
    long[] lengths,
    long[] scored,
    long[] targets,
    int[] scoredStarts) {

  static PackedRows of(List<TokenSequence> rows) {
    int[] scoredStarts = new int[rows.size() + 1];
    for (int row = 0; row < rows.size(); row++) {
      scoredStarts[row + 1] = scoredStarts[row] + rows.get(row).completionIds().length;
    }
    Layout layout = new Layout(rows, scoredStarts);
    List<Integer> byLength =
        IntStream.range(0, rows.size())
            .filter(row -> rows.get(row).completionIds().length > 0)
            .boxed()
            .sorted(Comparator.comparingInt(row -> inputTokens(rows.get(row))))
            .toList();
    byLength.forEach(layout::place);
    return layout.packed();
  }

  /** Tokens that a row takes: none if nothing of it is scored. */
  static int inputTokens(TokenSequence row) {
    return row.completionIds().length == 0 ? 0 : row.lengthTokens() - 1;
  }

  /** One row's part of numbers that lie in row order, [C]. */
  TokenScores slice(int row, double[] logProbs, double[] entropies) {
    int from = scoredStarts[row];
    int to = scoredStarts[row + 1];
    return new TokenScores(
        Arrays.copyOfRange(logProbs, from, to), Arrays.copyOfRange(entropies, from, to));
  }

  int rows() {
    return scoredStarts.length - 1;
  }

  private static final class Layout {
    private final List<TokenSequence> rows;
    private final int[] scoredStarts;
    private final long[] ids;
    private final long[] positions;
    private final long[] scored;
    private final long[] targets;
    private final List<long[]> runs = new ArrayList<>();
    private int placed;

    Layout(List<TokenSequence> rows, int[] scoredStarts) {
      this.rows = rows;
      this.scoredStarts = scoredStarts;
      int tokens = rows.stream().mapToInt(PackedRows::inputTokens).sum();
      this.ids = new long[tokens];
      this.positions = new long[tokens];
      this.scored = new long[scoredStarts[rows.size()]];
      this.targets = new long[scored.length];
    }

    void place(int index) {
      TokenSequence row = rows.get(index);
      int prompt = row.promptIds().length;
      int length = inputTokens(row);
      for (int t = 0; t < length; t++) {
        ids[placed + t] = t < prompt ? row.promptIds()[t] : row.completionIds()[t - prompt];
        positions[placed + t] = t;
      }
      for (int c = 0; c < row.completionIds().length; c++) {
        scored[scoredStarts[index] + c] = (long) placed + prompt - 1 + c;
        targets[scoredStarts[index] + c] = row.completionIds()[c];
      }
      placed += length;
      if (runs.isEmpty() || runs.get(runs.size() - 1)[1] != length) {
        runs.add(new long[] {0, length});
      }
      runs.get(runs.size() - 1)[0]++;
    }

    PackedRows packed() {
      long[] counts = runs.stream().mapToLong(run -> run[0]).toArray();
      long[] lengths = runs.stream().mapToLong(run -> run[1]).toArray();
      return new PackedRows(ids, positions, counts, lengths, scored, targets, scoredStarts);
    }
  }
}

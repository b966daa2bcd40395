package io.rephrase.jobs.table;

import java.util.Arrays;

/**
 * How many rows are decoded at once. A group of 16 completions of 8,192 tokens is 1.5 MB, of which
 * the 4096 rows of Spark's default would be 6 GB.
 */
final class RowBatches {

  /** Decoded bytes of one batch that readers aim at. */
  private static final long BATCH_BYTES = 32L << 20;

  private RowBatches() {}

  /** Rows of about this size in a batch, at most {@code maxRows} and at least one. */
  static int rows(long expectedRowBytes, int maxRows) {
    if (expectedRowBytes < 0) {
      throw new IllegalArgumentException(
          "expectedRowBytes must not be negative, got " + expectedRowBytes);
    }
    return (int) Math.max(1, Math.min(maxRows, BATCH_BYTES / Math.max(1, expectedRowBytes)));
  }

  /** The most files that have a position in common, from the first and the last of each. */
  static int overlapping(long[] firsts, long[] lasts) {
    long[] opened = firsts.clone();
    long[] ended = lasts.clone();
    Arrays.sort(opened);
    Arrays.sort(ended);
    int most = 0;
    int done = 0;
    for (int file = 0; file < opened.length; file++) {
      while (ended[done] < opened[file]) {
        done++;
      }
      most = Math.max(most, file + 1 - done);
    }
    return most;
  }
}

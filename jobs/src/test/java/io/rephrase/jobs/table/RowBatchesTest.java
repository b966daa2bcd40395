package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowBatchesTest {

  @Test
  void aBatchHoldsAboutThirtyTwoMegabytes() {
    // 32 MiB / 2 MiB = 16 rows; small rows stop at the reader's own limit; a large row stands
    // alone.
    assertThat(RowBatches.rows(2L << 20, 1024)).isEqualTo(16);
    assertThat(RowBatches.rows(100, 1024)).isEqualTo(1024);
    assertThat(RowBatches.rows(60L << 20, 1024)).isEqualTo(1);
    assertThat(RowBatches.rows(0, 4096)).isEqualTo(4096);
  }

  @Test
  void filesOverlapWhereTheyHaveAPositionInCommon() {
    // [0, 6], [1, 7] and [2, 8] at position 2; then [8, 9] with [2, 8] alone
    assertThat(RowBatches.overlapping(new long[] {0, 8, 1, 2}, new long[] {6, 9, 7, 8}))
        .isEqualTo(3);
    assertThat(RowBatches.overlapping(new long[] {0, 5}, new long[] {4, 9})).isEqualTo(1);
    assertThat(RowBatches.overlapping(new long[0], new long[0])).isZero();
  }
}

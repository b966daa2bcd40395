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
}

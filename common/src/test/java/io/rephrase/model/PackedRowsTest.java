package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PackedRowsTest {

  @Test
  void rowsLieEndToEndSortedByLengthAndAreScoredInTheirOwnOrder() {
    PackedRows packed =
        PackedRows.of(
            List.of(
                new TokenSequence(new int[] {1, 2}, new int[] {3, 4}),
                new TokenSequence(new int[] {5}, new int[0]),
                new TokenSequence(new int[] {6}, new int[] {7}),
                new TokenSequence(new int[] {8, 9, 10}, new int[] {11})));
    // inputs leave each row's last token out: 6 | 1 2 3 | 8 9 10; the row without completion is out
    assertThat(packed.ids()).containsExactly(6, 1, 2, 3, 8, 9, 10);
    assertThat(packed.positions()).containsExactly(0, 0, 1, 2, 0, 1, 2);
    assertThat(packed.counts()).containsExactly(1, 2);
    assertThat(packed.lengths()).containsExactly(1, 3);
    // 3 is predicted from 2 and 4 from 3; 7 from 6; 11 from 10
    assertThat(packed.scored()).containsExactly(2, 3, 0, 6);
    assertThat(packed.targets()).containsExactly(3, 4, 7, 11);
    assertThat(packed.scoredStarts()).containsExactly(0, 2, 2, 3, 4);
  }

  @Test
  void aRowsPartOfTheNumbersIsItsOwn() {
    PackedRows packed =
        PackedRows.of(
            List.of(
                new TokenSequence(new int[] {1}, new int[] {2}),
                new TokenSequence(new int[] {3}, new int[] {4, 5})));
    TokenScores second = packed.slice(1, new double[] {-1, -2, -3}, new double[] {1, 2, 3});
    assertThat(second.logProbs()).containsExactly(-2, -3);
    assertThat(second.entropies()).containsExactly(2, 3);
  }
}

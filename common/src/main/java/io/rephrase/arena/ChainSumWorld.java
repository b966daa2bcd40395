package io.rephrase.arena;

import java.util.ArrayList;
import java.util.List;

/** Sums of numbers of one size; difficulty is the number of terms. */
public final class ChainSumWorld extends World {

  private final int smallestTerm;
  private final int largestTerm;

  private ChainSumWorld(int smallestTerm, int largestTerm) {
    this.smallestTerm = smallestTerm;
    this.largestTerm = largestTerm;
  }

  /** Terms of 1 to 9. */
  public static ChainSumWorld oneDigit() {
    return new ChainSumWorld(1, 9);
  }

  /** Terms of 10 to 99. */
  public static ChainSumWorld twoDigits() {
    return new ChainSumWorld(10, 99);
  }

  @Override
  public String dataset() {
    return largestTerm == 9 ? "chain-sum-1" : "chain-sum-2";
  }

  @Override
  public String verifier() {
    return "numeric";
  }

  @Override
  public ChainSum draw(int difficulty, long seed) {
    List<Integer> terms = new ArrayList<>();
    for (int index = 0; index < difficulty; index++) {
      int size = between(smallestTerm, largestTerm, seed, 2 * index);
      boolean negative = index > 0 && between(0, 1, seed, 2 * index + 1) == 1;
      terms.add(negative ? -size : size);
    }
    return new ChainSum(terms);
  }
}

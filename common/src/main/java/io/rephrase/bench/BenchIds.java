package io.rephrase.bench;

import io.rephrase.data.Seeds;

/** Token ids that mean nothing. */
final class BenchIds {
  private BenchIds() {}

  /** So many ids of a vocabulary; the same for the same number. */
  static int[] of(int tokens, int vocabulary, int number) {
    long seed = Seeds.sample(0, "bench", 0, "ids", number);
    int[] ids = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      ids[i] = (int) (Seeds.uniform(seed, i) * vocabulary);
    }
    return ids;
  }
}

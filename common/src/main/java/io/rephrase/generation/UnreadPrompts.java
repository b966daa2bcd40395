package io.rephrase.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prompts of completions that begin, each to be read once.
 *
 * @param distinct of them
 * @param places of the cache that each goes to
 * @param row which of them each completion has
 * @param first place of the completions
 */
record UnreadPrompts(List<int[]> distinct, int[] places, int[] row, int first) {

  /** Those of completions in places from {@code first} on; neighbours may share one. */
  static UnreadPrompts of(int first, List<Slot> fresh) {
    List<int[]> distinct = new ArrayList<>();
    int[] places = new int[fresh.size()];
    int[] row = new int[fresh.size()];
    for (int i = 0; i < row.length; i++) {
      int[] prompt = fresh.get(i).request().promptIds();
      if (i == 0 || prompt != distinct.get(distinct.size() - 1)) {
        places[distinct.size()] = first + i;
        distinct.add(prompt);
      }
      row[i] = distinct.size() - 1;
    }
    return new UnreadPrompts(distinct, Arrays.copyOf(places, distinct.size()), row, first);
  }

  int tokens() {
    return distinct.stream().mapToInt(prompt -> prompt.length).sum();
  }
}

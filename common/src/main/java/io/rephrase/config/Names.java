package io.rephrase.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Names as they stand in files, and what was probably meant by a wrong one. */
final class Names {

  private Names() {}

  /** {@code HARD_ONLY} is written {@code hard-only}. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@code "; did you mean x?"}, or the names there are when none is near. */
  static String suggestion(String wrong, Collection<String> known) {
    String near = guess(wrong, known);
    return near.isEmpty()
        ? "; there is: " + String.join(", ", known.stream().sorted().toList())
        : near;
  }

  /** {@code "; did you mean x?"}, or nothing when none is near. */
  static String guess(String wrong, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String name) -> distance(wrong, name)).thenComparing(n -> n))
        .filter(near -> distance(wrong, near) <= Math.max(2, wrong.length() / 3))
        .map(near -> "; did you mean " + near + "?")
        .orElse("");
  }

  /** Levenshtein's distance, case and hyphens left aside. */
  static int distance(String first, String second) {
    String a = plain(first);
    String b = plain(second);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }
}

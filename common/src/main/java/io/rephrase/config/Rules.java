package io.rephrase.config;

import io.rephrase.data.Label;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The sections' laws, said once. Every message begins with the component's name, which is the key
 * the loader then completes with the section and the place in the file.
 */
final class Rules {

  private Rules() {}

  static void atLeast(String key, long value, long minimum) {
    if (value < minimum) {
      throw new IllegalArgumentException(
          "%s must be at least %d, got %d".formatted(key, minimum, value));
    }
  }

  static void atLeast(String key, double value, double minimum) {
    if (!(value >= minimum) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be a number >= %s, got %s".formatted(key, minimum, value));
    }
  }

  static void positive(String key, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s must be > 0, got %s".formatted(key, value));
    }
  }

  static void aboveZeroUpToOne(String key, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException("%s must be in (0, 1], got %s".formatted(key, value));
    }
  }

  static void fromZeroToOne(String key, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("%s must be in [0, 1], got %s".formatted(key, value));
    }
  }

  static void fromZeroBelowOne(String key, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException("%s must be in [0, 1), got %s".formatted(key, value));
    }
  }

  static void notBlank(String key, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("%s must not be blank; give it a value".formatted(key));
    }
  }

  /** A label of a catalogue. */
  static <E extends Enum<E> & Label> void oneOf(String key, String value, Class<E> catalogue) {
    List<String> labels = Arrays.stream(catalogue.getEnumConstants()).map(Label::label).toList();
    if (!labels.contains(value)) {
      throw new IllegalArgumentException(
          "%s must be one of %s, got \"%s\"%s"
              .formatted(key, String.join(", ", labels), value, Names.guess(value, labels)));
    }
  }

  /** A number as the name of an entry. */
  static void number(String key, String name) {
    try {
      Double.parseDouble(name);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s must name its entries by numbers, got \"%s\"".formatted(key, name), e);
    }
  }

  /** An immutable copy in the order of the names, the same in every JVM. */
  static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}

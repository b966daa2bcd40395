package io.rephrase.data;

/** The records' own laws, said once. */
final class Checks {

  private Checks() {}

  static void notBlank(String component, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(component + " must not be blank, got \"" + value + "\"");
    }
  }

  static void notNegative(String component, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(component + " must not be negative, got " + value);
    }
  }

  static void sameLength(String first, int firstLength, String second, int secondLength) {
    if (firstLength != secondLength) {
      throw new IllegalArgumentException(
          "%s has %d entries and %s has %d: they must be equal"
              .formatted(first, firstLength, second, secondLength));
    }
  }
}

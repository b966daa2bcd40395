package io.rephrase.data;

/** An enum constant with the word that tables, files and messages use for it. */
public interface Label {

  /** Lower case, words joined by hyphens, stable over releases. */
  String label();

  /**
   * The constant of {@code type} with this label.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  static <E extends Enum<E> & Label> E parse(Class<E> type, String label) {
    for (E constant : type.getEnumConstants()) {
      if (constant.label().equals(label)) {
        return constant;
      }
    }
    StringBuilder known = new StringBuilder();
    for (E constant : type.getEnumConstants()) {
      known.append(known.length() == 0 ? "" : ", ").append(constant.label());
    }
    throw new IllegalArgumentException(
        "unknown %s \"%s\"; known are: %s".formatted(type.getSimpleName(), label, known));
  }
}

package io.rephrase.cli;

import java.util.Locale;

/**
 * One thing that was looked at.
 *
 * @param found what is the case
 * @param remedy what to do; empty where nothing is
 */
record Finding(String subject, State state, String found, String remedy) {

  /** How good it is. */
  enum State {
    OK,
    NOTE,
    FAILED
  }

  static Finding ok(String subject, String found) {
    return new Finding(subject, State.OK, found, "");
  }

  static Finding note(String subject, String found, String remedy) {
    return new Finding(subject, State.NOTE, found, remedy);
  }

  static Finding failed(String subject, String found, String remedy) {
    return new Finding(subject, State.FAILED, found, remedy);
  }

  boolean failed() {
    return state == State.FAILED;
  }

  String asText() {
    String line = "%-7s %-16s %s".formatted(state.name().toLowerCase(Locale.ROOT), subject, found);
    return remedy.isEmpty() ? line : line + System.lineSeparator() + " ".repeat(25) + remedy;
  }
}

package io.rephrase.config;

import java.util.regex.Pattern;

/**
 * Which run.
 *
 * @param name the run's identity in every table: letters, digits, {@code . _ -}; the same name
 *     again resumes the run
 * @param seed of everything that is drawn at random
 * @param iterations how many policies are to be trained
 * @param warehouse folder of the tables, any Hadoop path
 * @param soleWriter that no other process writes to this warehouse; asked for on s3a only
 */
public record RunSettings(
    String name, long seed, int iterations, String warehouse, boolean soleWriter) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  public RunSettings {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name must be 1 to 100 letters, digits, '.', '_' or '-', got \"" + name + "\"");
    }
    Rules.atLeast("iterations", iterations, 0);
    Rules.notBlank("warehouse", warehouse);
  }

  /** The value of {@code run_id} in every table. */
  public String id() {
    return name;
  }
}

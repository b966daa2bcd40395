package io.rephrase.lines;

/**
 * How many lines were answered.
 *
 * @param lines that are not blank
 * @param failed of them, answered by an error
 */
public record LineCounts(long lines, long failed) {

  /** Whether there were lines and none of them could be used. */
  public boolean allFailed() {
    return lines > 0 && failed == lines;
  }
}

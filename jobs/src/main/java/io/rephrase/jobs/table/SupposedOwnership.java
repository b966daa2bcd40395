package io.rephrase.jobs.table;

import java.util.Optional;

/**
 * Of a run that was free when it was looked at, and that nobody took.
 *
 * @param runId the run
 */
record SupposedOwnership(String runId) implements RunOwnership {

  @Override
  public void requireOwned() {
    throw new IllegalStateException(
        "run " + runId + " was only looked at: nothing may be committed");
  }

  @Override
  public Optional<String> takenFrom() {
    return Optional.empty();
  }

  @Override
  public void close() {
    // Nothing was taken.
  }
}

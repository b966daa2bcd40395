package io.rephrase.data;

import java.time.Instant;

/**
 * What one driver's hold on a run was at one time: a row of {@code leases}. The run's row of the
 * highest sequence is in force.
 *
 * @param runId the run
 * @param sequence from 0, without gaps
 * @param epoch of the ownership: one more whenever another driver takes the run
 * @param owner the driver's process and machine
 * @param released whether the owner gave the run free
 * @param at when the row was made, by the owner's clock
 * @param expiresAt when the owner is to be taken for dead unless it renews
 */
public record Lease(
    String runId,
    long sequence,
    long epoch,
    String owner,
    boolean released,
    Instant at,
    Instant expiresAt) {
  public Lease {
    Checks.notBlank("runId", runId);
    Checks.notNegative("sequence", sequence);
    Checks.notNegative("epoch", epoch);
    Checks.notBlank("owner", owner);
    if (expiresAt.isBefore(at)) {
      throw new IllegalArgumentException(
          "expiresAt must not be before at, got %s before %s".formatted(expiresAt, at));
    }
  }
}

package io.rephrase.jobs;

/**
 * One stage of an open run. Its number is the iteration; for an evaluation the policy version.
 * Belongs to the driver.
 */
interface StageJob {

  /** Whether nothing is missing, so that {@link #run} would return at once. */
  boolean done(int number);

  /**
   * Makes what is missing; returns at once when nothing is.
   *
   * @throws io.rephrase.TableException if what it reads is not complete; the message names the
   *     table and the command that completes it
   */
  void run(int number);
}

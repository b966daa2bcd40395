package io.rephrase.jobs.spark;

import java.io.Serializable;
import java.util.Optional;

/** Whether a verifier exists and can read a reference answer. Runs on executors; thread-safe. */
public interface GoldCheck extends Serializable {

  /** Whether there is a verifier of this name. */
  boolean knows(String verifier);

  /**
   * What keeps the verifier from reading {@code gold}; empty if nothing does. The question is there
   * because a choice has its options in it.
   */
  Optional<String> problem(String verifier, String gold, String question);
}

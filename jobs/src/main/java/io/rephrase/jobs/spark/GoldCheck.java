package io.rephrase.jobs.spark;

import java.io.Serializable;
import java.util.Optional;

/** Whether a verifier exists and can read a reference answer. Runs on executors; thread-safe. */
public interface GoldCheck extends Serializable {

  /** Why there is no verifier of this name; empty where there is one. */
  Optional<String> unknown(String verifier);

  /**
   * What keeps the verifier from reading {@code gold}; empty if nothing does. The question is there
   * because a choice has its options in it.
   */
  Optional<String> problem(String verifier, String gold, String question);
}

package io.rephrase.arena;

import io.rephrase.data.HashSplit;

/**
 * A problem of one of the generated worlds, with both ways of writing its solution. The world
 * ({@link World}) knows the rest.
 */
public interface Problem {

  /** Steps, or terms: the world's own unit. */
  int difficulty();

  /** Unique within the world, short. */
  String id();

  /** The task as the model sees it, before any template. */
  String question();

  /** The reference answer. */
  String gold();

  /** The solution as the policy writes it, without an end-of-sequence token. */
  String ownStyle();

  /** The solution as the expert writes it: k, off-policy knowledge. */
  String expertStyle();

  /** Train, tuning or test, by a hash of the question. */
  default HashSplit split() {
    return HashSplit.of(question());
  }
}

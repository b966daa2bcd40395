package io.rephrase.jobs.spark;

import io.rephrase.data.Prompt;
import io.rephrase.data.Seeds;

/**
 * One attempt to be made.
 *
 * @param prompt with its knowledge
 * @param position of the prompt in the iteration
 * @param attempt from 0
 * @param seed of the attempt
 * @param questionIds the bare prompt q
 * @param rephraseIds P(q,k), whole
 */
record RephraseTask(
    Prompt prompt, int position, int attempt, long seed, int[] questionIds, int[] rephraseIds) {

  static long seed(RephrasePartitions.Settings settings, Prompt prompt, int attempt) {
    return Seeds.sample(
        settings.runSeed(), "rephrase", settings.iteration(), Answers.key(prompt), attempt);
  }

  /** Whether P(q,k) leaves room for an answer; it is never cut. */
  boolean fits(int contextTokens) {
    return rephraseIds.length < contextTokens;
  }
}

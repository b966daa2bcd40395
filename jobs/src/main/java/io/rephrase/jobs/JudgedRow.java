package io.rephrase.jobs;

import io.rephrase.data.Prompt;
import java.util.stream.Stream;

/** A stored row with answers of one prompt; its record's components are the columns read. */
interface JudgedRow {

  /** Of the prompt in the iteration. */
  int position();

  /** Those that were verified, where {@code prompt} is the row's own and wants a judge. */
  Stream<JudgedAnswer> answers(Prompt prompt);
}

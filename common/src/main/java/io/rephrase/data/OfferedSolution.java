package io.rephrase.data;

import java.util.Optional;

/**
 * What the trainer needs of a {@link TeacherScore}. Its components are the columns that are read.
 *
 * @param position of the prompt in the iteration
 * @param rejectReason why the expert's solution cannot be trained on
 * @param knowledgeTokenIds the solution, the end of the turn included
 */
public record OfferedSolution(
    int position, Optional<RejectReason> rejectReason, int[] knowledgeTokenIds) {

  /** Whether it may be trained on. */
  public boolean usable() {
    return rejectReason.isEmpty();
  }
}

package io.rephrase.jobs;

import io.rephrase.data.Prompt;
import io.rephrase.data.VerdictStatus;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a judge needs of a row of {@code teacher_scores}: no tokens; the solution is the prompt's.
 * Its components are the columns that are read.
 *
 * @param policyVersion that scored it
 * @param position in the iteration
 * @param status of its verdict
 */
public record JudgedSolution(int policyVersion, int position, Optional<VerdictStatus> status)
    implements JudgedRow {

  @Override
  public Stream<JudgedAnswer> answers(Prompt prompt) {
    return status.stream()
        .map(
            is ->
                new JudgedAnswer(
                    policyVersion,
                    prompt,
                    0,
                    LaterVerdicts.KNOWLEDGE,
                    is,
                    prompt.knowledge().orElseThrow()));
  }
}

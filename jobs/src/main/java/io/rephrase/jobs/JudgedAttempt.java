package io.rephrase.jobs;

import io.rephrase.data.Prompt;
import io.rephrase.data.RejectReason;
import io.rephrase.data.VerdictStatus;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a judge needs of a row of {@code rephrasings}: no tokens. Its components are the columns
 * that are read.
 *
 * @param policyVersion of the iteration
 * @param attempt from 0
 * @param position in the iteration
 * @param status of its verdict; empty where nothing was verified
 * @param rejectReason why it may not be used
 * @param text the answer
 */
public record JudgedAttempt(
    int policyVersion,
    int attempt,
    int position,
    Optional<VerdictStatus> status,
    Optional<RejectReason> rejectReason,
    String text)
    implements JudgedRow {

  /** Nothing where a verdict would change nothing: the attempt is rejected for what it is. */
  @Override
  public Stream<JudgedAnswer> answers(Prompt prompt) {
    boolean decided =
        status.isEmpty()
            || rejectReason.filter(reason -> reason != RejectReason.NO_VERDICT).isPresent();
    return decided
        ? Stream.of()
        : Stream.of(
            new JudgedAnswer(
                policyVersion, prompt, 0, LaterVerdicts.rephrasing(attempt), status.get(), text));
  }
}

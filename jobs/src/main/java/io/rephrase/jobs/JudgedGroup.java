package io.rephrase.jobs;

import io.rephrase.data.Prompt;
import io.rephrase.data.VerdictStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a judge needs of a row of {@code rollout_groups}: no tokens. Its components are the columns
 * that are read.
 *
 * @param policyVersion that sampled it
 * @param round of dynamic sampling
 * @param position in the iteration
 * @param rollouts by sample index
 */
public record JudgedGroup(int policyVersion, int round, int position, List<Answer> rollouts)
    implements JudgedRow {

  public JudgedGroup {
    rollouts = List.copyOf(rollouts);
  }

  /**
   * Of one rollout.
   *
   * @param sampleIndex in the group
   * @param status of its verdict; empty where nothing was verified
   * @param text the answer
   */
  public record Answer(int sampleIndex, Optional<VerdictStatus> status, String text) {}

  @Override
  public Stream<JudgedAnswer> answers(Prompt prompt) {
    return rollouts.stream()
        .filter(rollout -> rollout.status().isPresent())
        .map(
            rollout ->
                new JudgedAnswer(
                    policyVersion,
                    prompt,
                    round,
                    LaterVerdicts.rollout(rollout.sampleIndex()),
                    rollout.status().get(),
                    rollout.text()));
  }
}

package io.rephrase.jobs.report;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One prompt's group with all that was decided about it.
 *
 * @param iteration from 0
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param round of dynamic sampling
 * @param difficulty of the prompt
 * @param question as ingested
 * @param gold reference answer
 * @param verifier that compared answers with it
 * @param knowledge k, the expert's solution
 * @param knowledgeSource who wrote it
 * @param rollouts by sample index
 * @param attempts at a rephrasing, in order
 * @param decision of the gate; empty where it is not made yet
 */
public record GroupView(
    int iteration,
    String dataset,
    String promptId,
    int round,
    Optional<Double> difficulty,
    String question,
    String gold,
    String verifier,
    Optional<String> knowledge,
    Optional<String> knowledgeSource,
    List<Answer> rollouts,
    List<Attempt> attempts,
    Optional<Decision> decision) {
  public GroupView {
    rollouts = List.copyOf(rollouts);
    attempts = List.copyOf(attempts);
  }

  /** Bytes of its texts as UTF-8: nearly what it costs on the page. */
  public long bytes() {
    long sum = bytes(question) + knowledge.map(GroupView::bytes).orElse(0L);
    for (Answer rollout : rollouts) {
      sum += bytes(rollout.text());
    }
    for (Attempt attempt : attempts) {
      sum += bytes(attempt.rawText()) + bytes(attempt.answer().text());
    }
    return sum;
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * A graded text.
   *
   * @param index sample index or attempt
   * @param text without the end-of-sequence token
   * @param tokens its length, end of sequence included
   * @param finishReason why it ended
   * @param reward of the verdict
   * @param extracted answer found
   * @param rule that decided
   * @param status of the verdict
   * @param error of the engine
   */
  public record Answer(
      int index,
      String text,
      int tokens,
      String finishReason,
      Optional<Double> reward,
      Optional<String> extracted,
      Optional<String> rule,
      Optional<String> status,
      Optional<String> error) {}

  /**
   * An o_rep, accepted or not.
   *
   * @param answer the final text with its verdict
   * @param rawText as sampled, before meta tokens were stripped
   * @param accepted whether it could be used
   * @param rejectReason why not
   * @param copyShare share of its word 8-grams that stand in k
   * @param longestCommonRun words in its longest run in common with k
   * @param reasoningShare share of k's intermediate numbers found in it
   */
  public record Attempt(
      Answer answer,
      String rawText,
      boolean accepted,
      Optional<String> rejectReason,
      Optional<Double> copyShare,
      Optional<Integer> longestCommonRun,
      Optional<Double> reasoningShare) {}

  /**
   * What was decided, as stored.
   *
   * @param failureRate gamma; NaN where no rollout has a reward
   * @param rewardedRollouts how many have a reward
   * @param hard whether gamma reached rho
   * @param source {@code none}, {@code rephrased} or {@code teacher}
   * @param attemptIndex used
   * @param substitutedIndex rollout replaced
   * @param zeroVariance whether the group teaches nothing
   * @param skipped whether it was left out
   * @param reason in a word
   * @param verdictsUsed {@code inline} or a later grading
   * @param rewards sampled; NaN where there is none
   * @param rewardsAfter substitution
   * @param advantages of the final members
   */
  public record Decision(
      double failureRate,
      int rewardedRollouts,
      boolean hard,
      String source,
      Optional<Integer> attemptIndex,
      Optional<Integer> substitutedIndex,
      boolean zeroVariance,
      boolean skipped,
      String reason,
      String verdictsUsed,
      double[] rewards,
      double[] rewardsAfter,
      double[] advantages) {}
}

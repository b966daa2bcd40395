package io.rephrase.jobs;

import io.rephrase.config.RunConfig;
import io.rephrase.data.FinishReason;
import io.rephrase.guidance.Candidate;
import io.rephrase.jobs.table.IterationReader;
import io.rephrase.jobs.table.IterationReader.IterationKey;
import io.rephrase.jobs.table.Tables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rewards and scores of an iteration, without the tables' texts and, unless a judge gives rewards,
 * without a Spark job. Where an answer has no reward of its own, that of a later verdict stands.
 * Tokens' scores are read batch by batch and only their means kept.
 */
final class IterationOutcomes {

  private static final String INLINE = "inline";
  private static final long ROW_BYTES = 4096;
  // An id and two log-probs.
  private static final long BYTES_A_TOKEN = 12;

  private final IterationReader reader;
  private final IterationKey key;
  private final RunConfig config;
  private final LaterVerdicts later;

  /** An attempt at a rephrasing without its tokens. */
  record Attempt(String prompt, FinishReason finishReason, Candidate candidate) {}

  private IterationOutcomes(RunContext run, int iteration) {
    this.reader = new IterationReader(run.warehouse());
    this.key = new IterationKey(run.runId(), iteration);
    this.config = run.config();
    this.later = LaterVerdicts.of(run, iteration);
  }

  static IterationOutcomes of(RunContext run, int iteration) {
    return new IterationOutcomes(run, iteration);
  }

  /** All groups, those that dynamic sampling dropped among them, by position. */
  List<GroupOutcome> groups() {
    List<GroupOutcome> groups = new ArrayList<>();
    reader.forEach(
        Tables.ROLLOUT_GROUPS,
        GroupOutcome.class,
        key,
        ROW_BYTES,
        row -> groups.add(later.over(row)));
    return groups;
  }

  /** Every attempt at a rephrasing, by position. */
  List<Attempt> attempts() {
    List<Attempt> attempts = new ArrayList<>();
    reader.forEach(
        Tables.REPHRASINGS,
        AttemptOutcome.class,
        key,
        ROW_BYTES + config.rephrase().maxTokens() * BYTES_A_TOKEN,
        row ->
            attempts.add(
                new Attempt(
                    key(row.dataset(), row.promptId()),
                    row.finishReason(),
                    later.over(row, config.guidance().delta()).candidate())));
    return attempts;
  }

  /** The experts' solutions that may be trained on, by {@link #key} of the prompt. */
  Map<String, List<Candidate>> experts() {
    Map<String, List<Candidate>> byPrompt = new HashMap<>();
    reader.forEach(
        Tables.TEACHER_SCORES,
        ExpertOutcome.class,
        key,
        ROW_BYTES + config.rollout().maxTokens() * BYTES_A_TOKEN,
        expert -> {
          if (expert.rejectReason().isEmpty()) {
            byPrompt.put(
                key(expert.dataset(), expert.promptId()), List.of(later.over(expert).candidate()));
          }
        });
    return byPrompt;
  }

  /** What may take a rollout's place, by {@link #key} of the prompt and in order of attempt. */
  static Map<String, List<Candidate>> candidates(List<Attempt> attempts) {
    Map<String, List<Candidate>> byPrompt = new HashMap<>();
    for (Attempt attempt : attempts) {
      byPrompt.computeIfAbsent(attempt.prompt(), key -> new ArrayList<>()).add(attempt.candidate());
    }
    byPrompt.values().forEach(list -> list.sort(Comparator.comparingInt(Candidate::attempt)));
    return byPrompt;
  }

  /**
   * Whose verdicts a decision on the prompt is based on: {@code inline}, or who gave later ones.
   */
  String verdictsUsed(String dataset, String promptId) {
    return later.verifierOf(dataset, promptId).orElse(INLINE);
  }

  static String key(String dataset, String promptId) {
    return dataset + "/" + promptId;
  }
}

package io.rephrase.jobs;

import io.rephrase.guidance.Candidate;
import io.rephrase.jobs.table.IterationReader;
import io.rephrase.jobs.table.IterationReader.IterationKey;
import io.rephrase.jobs.table.PositionStream;
import io.rephrase.jobs.table.Tables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Rewards and scores of an iteration, without the tables' texts and without a Spark job. */
final class IterationOutcomes {

  private static final int ROW_BYTES = 4096;

  private final IterationReader reader;
  private final IterationKey key;

  private IterationOutcomes(RunContext run, int iteration) {
    this.reader = new IterationReader(run.warehouse());
    this.key = new IterationKey(run.runId(), iteration);
  }

  static IterationOutcomes of(RunContext run, int iteration) {
    return new IterationOutcomes(run, iteration);
  }

  /** All groups, those that dynamic sampling dropped among them, by position. */
  List<GroupOutcome> groups() {
    List<GroupOutcome> groups = new ArrayList<>();
    read(Tables.ROLLOUT_GROUPS, GroupOutcome.class, groups::add);
    return groups;
  }

  /** Every attempt at a rephrasing, by position. */
  List<AttemptOutcome> attempts() {
    List<AttemptOutcome> attempts = new ArrayList<>();
    read(Tables.REPHRASINGS, AttemptOutcome.class, attempts::add);
    return attempts;
  }

  /** The experts' solutions that may be trained on, by {@link #key} of the prompt. */
  Map<String, List<Candidate>> experts() {
    Map<String, List<Candidate>> byPrompt = new HashMap<>();
    read(
        Tables.TEACHER_SCORES,
        ExpertOutcome.class,
        expert -> {
          if (expert.rejectReason().isEmpty()) {
            byPrompt.put(key(expert.dataset(), expert.promptId()), List.of(expert.candidate()));
          }
        });
    return byPrompt;
  }

  /** What may take a rollout's place, by {@link #key} of the prompt and in order of attempt. */
  static Map<String, List<Candidate>> candidates(List<AttemptOutcome> attempts) {
    Map<String, List<Candidate>> byPrompt = new HashMap<>();
    for (AttemptOutcome attempt : attempts) {
      byPrompt
          .computeIfAbsent(key(attempt.dataset(), attempt.promptId()), key -> new ArrayList<>())
          .add(attempt.candidate());
    }
    byPrompt.values().forEach(list -> list.sort(Comparator.comparingInt(Candidate::attempt)));
    return byPrompt;
  }

  static String key(String dataset, String promptId) {
    return dataset + "/" + promptId;
  }

  private <T extends Record> void read(Tables table, Class<T> type, Consumer<T> into) {
    try (PositionStream<T> rows = reader.open(table, type, key, ROW_BYTES)) {
      rows.forEachRemaining(into);
    }
  }
}

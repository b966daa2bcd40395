package io.rephrase.jobs;

import static org.apache.spark.sql.functions.col;

import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Tables;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/** The rewards that were given to answers of an iteration after they were stored. Immutable. */
final class LaterVerdicts {

  /** The one that an expert's solution has, whose {@code target} it is. */
  static final String KNOWLEDGE = "knowledge";

  private final Map<Target, RewardedTarget> byTarget;

  private LaterVerdicts(Map<Target, RewardedTarget> byTarget) {
    this.byTarget = byTarget;
  }

  /** Of which answer. */
  private record Target(String dataset, String promptId, int round, String target) {}

  /** Reads the table, where the run has a judge: nobody else writes to it. */
  static LaterVerdicts of(RunContext run, int iteration) {
    Map<Target, RewardedTarget> byTarget = new HashMap<>();
    if (run.prompts().judge().present()) {
      RecordCodec<RewardedTarget> codec =
          run.warehouse().prunedCodec(Tables.VERDICTS, RewardedTarget.class);
      Column[] columns =
          Arrays.stream(codec.schema().fieldNames()).map(name -> col(name)).toArray(Column[]::new);
      for (Row row :
          run.warehouse()
              .read(Tables.VERDICTS)
              .where(col("run_id").equalTo(run.runId()).and(col("iteration").equalTo(iteration)))
              .select(columns)
              .collectAsList()) {
        RewardedTarget found = codec.fromRow(row);
        byTarget.put(
            new Target(found.dataset(), found.promptId(), found.round(), found.target()), found);
      }
    }
    return new LaterVerdicts(Map.copyOf(byTarget));
  }

  /** {@code target} of a rollout. */
  static String rollout(int sampleIndex) {
    return "rollout/" + sampleIndex;
  }

  /** {@code target} of an attempt at a rephrasing. */
  static String rephrasing(int attempt) {
    return "rephrasing/" + attempt;
  }

  /** The reward of an answer; empty where no later verdict gives one. */
  Optional<Double> reward(String dataset, String promptId, int round, String target) {
    return Optional.ofNullable(byTarget.get(new Target(dataset, promptId, round, target)))
        .flatMap(RewardedTarget::reward);
  }

  /** The group with these rewards in place of those it lacks. */
  GroupOutcome over(GroupOutcome group) {
    return byTarget.isEmpty()
        ? group
        : group.with(
            outcome ->
                outcome
                    .reward()
                    .or(
                        () ->
                            reward(
                                group.dataset(),
                                group.promptId(),
                                group.round(),
                                rollout(outcome.sampleIndex()))));
  }

  /** The attempt with its reward, where it has none of its own. */
  AttemptOutcome over(AttemptOutcome attempt, double delta) {
    return attempt.reward().isPresent()
        ? attempt
        : reward(attempt.dataset(), attempt.promptId(), 0, rephrasing(attempt.attempt()))
            .map(reward -> attempt.judged(reward, delta))
            .orElse(attempt);
  }

  /** The expert's solution with its reward, where it has none of its own. */
  ExpertOutcome over(ExpertOutcome expert) {
    return expert.reward().isPresent()
        ? expert
        : reward(expert.dataset(), expert.promptId(), 0, KNOWLEDGE)
            .map(expert::judged)
            .orElse(expert);
  }

  /** Who gave a later verdict to an answer to the prompt: {@code llm-judge/1}. */
  Optional<String> verifierOf(String dataset, String promptId) {
    return byTarget.values().stream()
        .filter(found -> found.dataset().equals(dataset) && found.promptId().equals(promptId))
        .map(found -> found.verifier() + "/" + found.version())
        .findFirst();
  }
}

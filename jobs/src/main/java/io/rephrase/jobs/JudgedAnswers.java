package io.rephrase.jobs;

import io.rephrase.data.Prompt;
import io.rephrase.jobs.table.IterationReader;
import io.rephrase.jobs.table.IterationReader.IterationKey;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StageRound;
import io.rephrase.jobs.table.Tables;
import io.rephrase.reward.Verifiers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * What a judge was asked in an iteration, as far as its stages are done: rollouts, experts'
 * solutions, and attempts at rephrasings that nothing else speaks against.
 *
 * @param all how many answers were judged
 * @param failed those without a verdict, a later one included
 */
record JudgedAnswers(int all, List<JudgedAnswer> failed) {

  JudgedAnswers {
    failed = List.copyOf(failed);
  }

  static JudgedAnswers of(RunContext run, Prompts prompts, int iteration) {
    Map<Integer, Prompt> judged = judged(run, prompts, iteration);
    Reading reading = new Reading(run, iteration, judged, LaterVerdicts.of(run, iteration));
    if (!judged.isEmpty()) {
      reading.read(Stage.ROLLOUT, Tables.ROLLOUT_GROUPS, JudgedGroup.class);
      reading.read(Stage.TEACHER, Tables.TEACHER_SCORES, JudgedSolution.class);
      reading.read(Stage.REPHRASE, Tables.REPHRASINGS, JudgedAttempt.class);
    }
    return new JudgedAnswers(reading.all, reading.failed);
  }

  /** The prompts of the iteration whose verifier is a judge, by position. */
  private static Map<Integer, Prompt> judged(RunContext run, Prompts prompts, int iteration) {
    RecordCodec<Prompt> codec = run.warehouse().codec(Tables.PROMPTS, Prompt.class);
    Map<Integer, Prompt> byPosition = new HashMap<>();
    for (StageRound round : run.log().rounds(Stage.ROLLOUT, iteration)) {
      int position = round.firstPosition();
      for (Row row : prompts.iteration(iteration, position, round.prompts())) {
        Prompt prompt = codec.fromRow(row);
        if (prompt.verifier().equals(Verifiers.LLM_JUDGE.label())) {
          byPosition.put(position, prompt);
        }
        position++;
      }
    }
    return byPosition;
  }

  /** Of the tables, one after the other. */
  private static final class Reading {

    private final RunContext run;
    private final int iteration;
    private final Map<Integer, Prompt> judged;
    private final LaterVerdicts later;
    private final List<JudgedAnswer> failed = new ArrayList<>();
    private int all;

    Reading(RunContext run, int iteration, Map<Integer, Prompt> judged, LaterVerdicts later) {
      this.run = run;
      this.iteration = iteration;
      this.judged = judged;
      this.later = later;
    }

    <T extends Record & JudgedRow> void read(Stage stage, Tables table, Class<T> type) {
      if (!run.done(stage, table, iteration)) {
        return;
      }
      new IterationReader(run.warehouse())
          .forEach(
              table,
              type,
              new IterationKey(run.runId(), iteration),
              run.config().rollout().groupBytes(),
              row ->
                  Optional.ofNullable(judged.get(row.position()))
                      .ifPresent(prompt -> row.answers(prompt).forEach(this::add)));
    }

    private void add(JudgedAnswer answer) {
      all++;
      if (answer.failed(later)) {
        failed.add(answer);
      }
    }
  }
}

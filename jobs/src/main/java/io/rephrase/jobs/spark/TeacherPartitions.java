package io.rephrase.jobs.spark;

import io.rephrase.data.Prompt;
import io.rephrase.data.RejectReason;
import io.rephrase.data.TeacherScore;
import io.rephrase.generation.GenerationEngine;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * On an executor: takes the expert's solution of each prompt of a task as the assistant's turn,
 * verifies it and scores it after the bare q. One row of {@code teacher_scores} a prompt, by
 * position. What exceeds the context is recorded, and never cut.
 */
public final class TeacherPartitions implements FlatMapFunction<PromptRows, Row> {

  private static final long serialVersionUID = 1;

  /**
   * What all tasks of the stage share.
   *
   * @param iteration from 0
   * @param temperature of the rollouts: k is trained among them
   */
  public record Settings(int iteration, double temperature) implements Serializable {}

  private final EngineSpec engine;
  private final PromptSpec prompts;
  private final Settings settings;
  private final RecordCodec<Prompt> promptCodec;
  private final RecordCodec<TeacherScore> scoreCodec;

  public TeacherPartitions(
      EngineSpec engine,
      PromptSpec prompts,
      Settings settings,
      RecordCodec<Prompt> promptCodec,
      RecordCodec<TeacherScore> scoreCodec) {
    this.engine = engine;
    this.prompts = prompts;
    this.settings = settings;
    this.promptCodec = promptCodec;
    this.scoreCodec = scoreCodec;
  }

  /** An expert's solution before it is scored. */
  private record Turn(Prompt prompt, int position, int[] questionIds, int[] knowledgeIds) {
    boolean fits(int contextTokens) {
      return questionIds.length + knowledgeIds.length <= contextTokens;
    }
  }

  @Override
  public Iterator<Row> call(PromptRows share) {
    try (ExecutorEngines.Lease lease = ExecutorEngines.acquire(engine, PolicyLoader.of(engine))) {
      Answers answers = new Answers(lease.policy(), prompts);
      List<Turn> turns = turns(share, answers);
      return rows(lease.policy(), answers, turns).iterator();
    }
  }

  private List<Turn> turns(PromptRows share, Answers answers) {
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < share.prompts().size(); i++) {
      Prompt prompt = promptCodec.fromRow(share.prompts().get(i));
      turns.add(
          new Turn(
              prompt,
              share.positions().get(i),
              answers.questionIds(prompt),
              answers.knowledgeIds(prompt.knowledge().orElseThrow())));
    }
    return turns;
  }

  private List<Row> rows(LoadedPolicy policy, Answers answers, List<Turn> turns) {
    List<Grading> gradings =
        turns.stream()
            .map(
                turn ->
                    answers.grade(turn.prompt(), policy.tokenizer().decode(turn.knowledgeIds())))
            .toList();
    GenerationEngine scorer = policy.engine();
    int context = scorer.contextTokens();
    Iterator<TokenScores> scores =
        scorer
            .score(
                turns.stream()
                    .filter(turn -> turn.fits(context))
                    .map(turn -> new TokenSequence(turn.questionIds(), turn.knowledgeIds()))
                    .toList(),
                settings.temperature())
            .iterator();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      float[] logProbs =
          turn.fits(context) ? Scores.floats(scores.next().logProbs()) : new float[0];
      rows.add(scoreCodec.toRow(score(turn, gradings.get(i).graded(), logProbs)));
    }
    return rows;
  }

  private TeacherScore score(Turn turn, Answers.Graded graded, float[] logProbs) {
    boolean scored = logProbs.length > 0;
    return new TeacherScore(
        engine.runId(),
        settings.iteration(),
        engine.policyVersion(),
        turn.prompt().dataset(),
        turn.prompt().promptId(),
        turn.position(),
        graded.reward(),
        graded.extracted(),
        graded.rule(),
        graded.status(),
        scored ? Optional.empty() : Optional.of(RejectReason.KNOWLEDGE_TOO_LONG),
        graded.judgeAnswer(),
        turn.knowledgeIds(),
        logProbs);
  }
}

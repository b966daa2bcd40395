package io.rephrase.jobs.spark;

import io.rephrase.data.Prompt;
import io.rephrase.data.Rephrasing;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.prompt.RephrasingCheck;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * On an executor: asks the policy to restate the expert's solution of each prompt of a task, strips
 * and judges what it says, and scores what is accepted after P(q,k) and after the bare q. One row
 * of {@code rephrasings} an attempt, by position and attempt.
 */
public final class RephrasePartitions implements FlatMapFunction<PromptRows, Row> {

  private static final long serialVersionUID = 1;

  /**
   * What all tasks of the stage share.
   *
   * @param iteration from 0
   * @param policyVersion of the iteration; the engine's own version is the sampler's
   * @param attempts a prompt
   * @param runSeed of the run
   * @param sampling how tokens are drawn
   * @param scoringTemperature of the rollouts: o_rep is trained among them
   * @param limits of what is accepted
   * @param journal of the chunk's answers
   */
  public record Settings(
      int iteration,
      int policyVersion,
      int attempts,
      long runSeed,
      SamplingParams sampling,
      double scoringTemperature,
      RephrasingLimits limits,
      AnswerJournal journal)
      implements Serializable {}

  private final EngineSpec engine;
  private final PromptSpec prompts;
  private final Settings settings;
  private final RecordCodec<Prompt> promptCodec;
  private final RecordCodec<Rephrasing> rephrasingCodec;

  public RephrasePartitions(
      EngineSpec engine,
      PromptSpec prompts,
      Settings settings,
      RecordCodec<Prompt> promptCodec,
      RecordCodec<Rephrasing> rephrasingCodec) {
    this.engine = engine;
    this.prompts = prompts;
    this.settings = settings;
    this.promptCodec = promptCodec;
    this.rephrasingCodec = rephrasingCodec;
  }

  @Override
  public Iterator<Row> call(PromptRows share) {
    try (ExecutorEngines.Lease lease = ExecutorEngines.acquire(engine, PolicyLoader.of(engine))) {
      Answers answers = new Answers(lease.policy(), prompts);
      List<RephraseTask> tasks = tasks(share, answers);
      List<GenerationRequest> requests = new ArrayList<>();
      for (int i = 0; i < tasks.size(); i++) {
        RephraseTask task = tasks.get(i);
        if (task.fits(lease.policy().engine().contextTokens())) {
          requests.add(
              new GenerationRequest(i, task.rephraseIds(), task.seed(), settings.sampling()));
        }
      }
      Completion[] completions = new Completion[tasks.size()];
      Iterator<Completion> done =
          ModelClock.timed(
              settings.journal().generate(lease.policy().engine(), requests.iterator()));
      while (done.hasNext()) {
        Completion completion = done.next();
        completions[(int) completion.key()] = completion;
      }
      return rows(lease.policy(), answers, tasks, completions);
    }
  }

  private List<RephraseTask> tasks(PromptRows share, Answers answers) {
    List<RephraseTask> tasks = new ArrayList<>();
    for (int i = 0; i < share.prompts().size(); i++) {
      Prompt prompt = promptCodec.fromRow(share.prompts().get(i));
      String knowledge = prompt.knowledge().orElseThrow();
      int[] questionIds = answers.questionIds(prompt);
      int[] rephraseIds = answers.rephraseIds(prompt, knowledge);
      for (int attempt = 0; attempt < settings.attempts(); attempt++) {
        tasks.add(
            new RephraseTask(
                prompt,
                share.positions().get(i),
                attempt,
                RephraseTask.seed(settings, prompt, attempt),
                questionIds,
                rephraseIds));
      }
    }
    return tasks;
  }

  private Iterator<Row> rows(
      LoadedPolicy policy, Answers answers, List<RephraseTask> tasks, Completion[] completions) {
    RephraseJudge judge =
        new RephraseJudge(policy, answers, new RephrasingCheck(settings.limits().toLimits()));
    List<Supplier<RephraseJudge.Judged>> underWay = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      RephraseTask task = tasks.get(i);
      if (completions[i] == null) {
        underWay.add(() -> RephraseJudge.knowledgeTooLong(task));
      } else {
        RephraseJudge.Stripped stripped = judge.strip(task, completions[i]);
        underWay.add(() -> judge.judge(stripped));
      }
    }
    List<RephraseJudge.Judged> judged = underWay.stream().map(Supplier::get).toList();
    RephraseScores scores = new RephraseScores(policy.engine(), settings.scoringTemperature());
    List<Rephrasing> rephrasings = scores.score(engine, settings, judged);
    return rephrasings.stream()
        .sorted(Comparator.comparingInt(Rephrasing::position).thenComparingInt(Rephrasing::attempt))
        .map(rephrasingCodec::toRow)
        .iterator();
  }
}

package io.rephrase.jobs;

import io.rephrase.data.LaterVerdict;
import io.rephrase.data.Verdict;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StageRound;
import io.rephrase.jobs.table.Tables;
import io.rephrase.progress.ProgressStage;
import io.rephrase.reward.judge.EndpointJudge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.spark.sql.Row;

/**
 * Asks the judge again for the answers it failed on, before anything is decided from them: rows of
 * {@code rollout_groups}, {@code teacher_scores} and {@code rephrasings} to {@code verdicts}, which
 * get those that it now has a verdict on. Nothing is sampled again. It is done from the driver,
 * since a judge that works fails on few.
 */
final class GradeJob implements StageJob {

  /** Answers asked for together and committed together: what a kill costs. */
  private static final int BATCH = 256;

  private final RunContext run;
  private final Prompts prompts;

  GradeJob(RunContext run, Prompts prompts) {
    this.run = run;
    this.prompts = prompts;
  }

  /** Nothing is missing without a judge, or where the decisions are made. */
  @Override
  public boolean done(int iteration) {
    return !run.prompts().judge().present() || run.done(Stage.GUIDANCE, Tables.GUIDANCE, iteration);
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.rephrase.TableException if the judge failed on more than {@code failure.maxRatio} of
   *     the answers even so; they are asked for again with the next call
   */
  @Override
  public void run(int iteration) {
    if (done(iteration)) {
      return;
    }
    JudgedAnswers answers = JudgedAnswers.of(run, prompts, iteration);
    if (answers.failed().isEmpty()) {
      return;
    }
    List<Verdict> failures = askAgain(iteration, answers.failed());
    if (!failures.isEmpty()) {
      new FailureLimit(run.config().failure().maxRatio())
          .checkJudge(
              "answers of iteration " + iteration,
              failures.size(),
              answers.all(),
              failures.get(failures.size() - 1).judgeAnswer().orElse("nothing"),
              "run the same command again: it asks for those answers, and samples nothing anew");
    }
  }

  private List<Verdict> askAgain(int iteration, List<JudgedAnswer> failed) {
    List<Verdict> failures = new ArrayList<>();
    String name = StageNames.of(run, iteration, Stage.GRADE.label());
    try (EndpointJudge judge = run.prompts().judge().open();
        ProgressStage stage = run.progress().stage(name, failed.size(), "answers")) {
      for (int from = 0; from < failed.size(); from += BATCH) {
        List<JudgedAnswer> batch = failed.subList(from, Math.min(from + BATCH, failed.size()));
        List<CompletableFuture<Verdict>> asked =
            batch.stream().map(answer -> answer.ask(judge)).toList();
        List<LaterVerdict> rewarded = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
          Verdict verdict = await(asked.get(i));
          if (verdict.reward().isPresent()) {
            rewarded.add(batch.get(i).row(run.runId(), iteration, verdict));
          } else {
            failures.add(verdict);
          }
          stage.advance(1);
        }
        commit(iteration, rewarded);
      }
      stage.note("judged=%d failed=%d".formatted(failed.size() - failures.size(), failures.size()));
    }
    return failures;
  }

  private static Verdict await(CompletableFuture<Verdict> asked) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("waiting for the judge was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a judge must not throw", e);
    }
  }

  private void commit(int iteration, List<LaterVerdict> rewarded) {
    if (rewarded.isEmpty()) {
      return;
    }
    RecordCodec<LaterVerdict> codec = run.warehouse().codec(Tables.VERDICTS, LaterVerdict.class);
    List<Row> rows = rewarded.stream().map(codec::toRow).toList();
    run.store()
        .append(
            Tables.VERDICTS,
            run.warehouse().session().createDataFrame(rows, codec.schema()),
            openChunk(iteration, rewarded.size()));
  }

  /** A round each commit; one that was planned and not committed is taken up. */
  private ChunkId openChunk(int iteration, int answers) {
    List<ChunkId> planned =
        run.log().rounds(Stage.GRADE, iteration).stream()
            .map(StageRound::chunkIds)
            .flatMap(List::stream)
            .toList();
    return run.store().missing(Tables.VERDICTS, planned).stream()
        .findFirst()
        .orElseGet(() -> run.log().planRound(Stage.GRADE, iteration, answers, 1).chunkIds().get(0));
  }
}

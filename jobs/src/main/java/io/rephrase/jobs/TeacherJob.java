package io.rephrase.jobs;

import io.rephrase.data.Checkpoint;
import io.rephrase.data.Prompt;
import io.rephrase.data.TeacherScore;
import io.rephrase.jobs.spark.PromptRows;
import io.rephrase.jobs.spark.TeacherPartitions;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Tables;

/**
 * Takes the expert's solutions of an iteration's prompts as the assistant's turns, verifies and
 * scores them: {@code prompts} to {@code teacher_scores}. Prompts without knowledge are left out.
 * Part of the command {@code rephrase}.
 */
final class TeacherJob implements StageJob {

  private final RunContext run;
  private final Prompts prompts;
  private final CheckpointCatalogue checkpoints;
  private final RunMethod method;

  TeacherJob(RunContext run, Prompts prompts, CheckpointCatalogue checkpoints, RunMethod method) {
    this.run = run;
    this.prompts = prompts;
    this.checkpoints = checkpoints;
    this.method = method;
  }

  /** Nothing is missing where nobody wants the scores. */
  @Override
  public boolean done(int iteration) {
    return !method.scoresTeacher() || run.done(Stage.TEACHER, Tables.TEACHER_SCORES, iteration);
  }

  @Override
  public void run(int iteration) {
    if (done(iteration)) {
      return;
    }
    Checkpoint policy = checkpoints.at(iteration);
    new PromptStage(run, prompts, Stage.TEACHER, Tables.TEACHER_SCORES)
        .makeMissing(
            iteration, Prompts::withKnowledge, (chunk, share) -> make(chunk, policy, share));
  }

  private void make(ChunkId chunk, Checkpoint policy, PromptRows share) {
    RecordCodec<TeacherScore> codec =
        run.warehouse().codec(Tables.TEACHER_SCORES, TeacherScore.class);
    TeacherPartitions partitions =
        new TeacherPartitions(
            run.engine(policy),
            run.prompts(),
            new TeacherPartitions.Settings(chunk.iteration(), run.config().rollout().temperature()),
            run.warehouse().codec(Tables.PROMPTS, Prompt.class),
            codec);
    Generation.append(
        run,
        chunk,
        Tables.TEACHER_SCORES,
        codec,
        Generation.rows(run, share.dealt(run.tasks()), partitions));
  }
}

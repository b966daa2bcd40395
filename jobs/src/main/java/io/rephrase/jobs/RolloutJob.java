package io.rephrase.jobs;

import io.rephrase.config.RolloutConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.Prompt;
import io.rephrase.data.RolloutGroup;
import io.rephrase.generation.SamplingParams;
import io.rephrase.jobs.spark.PromptRows;
import io.rephrase.jobs.spark.RolloutPartitions;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StagePlan;
import io.rephrase.jobs.table.Tables;
import io.rephrase.progress.ProgressStage;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Samples and verifies G rollouts for each prompt of an iteration: {@code prompts} to {@code
 * rollout_groups}, in chunks that are committed exactly once.
 */
public final class RolloutJob implements StageJob {

  private final RunContext run;
  private final Prompts prompts;
  private final CheckpointCatalogue checkpoints;

  RolloutJob(RunContext run, Prompts prompts, CheckpointCatalogue checkpoints) {
    this.run = run;
    this.prompts = prompts;
    this.checkpoints = checkpoints;
  }

  /** As {@code rephrase rollout} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.ROLLOUT, words);
  }

  @Override
  public boolean done(int iteration) {
    return run.done(Stage.ROLLOUT, Tables.ROLLOUT_GROUPS, iteration);
  }

  @Override
  public void run(int iteration) {
    Checkpoint policy = checkpoints.at(iteration);
    StagePlan plan = run.planOfPrompts(Stage.ROLLOUT, iteration);
    List<ChunkId> missing = run.store().missingChunks(Tables.ROLLOUT_GROUPS, plan);
    if (missing.isEmpty()) {
      return;
    }
    List<Row> drawn = prompts.iteration(iteration);
    int total = drawn.size();
    try (ProgressStage stage =
        run.progress().stage(StageNames.of(run, iteration, "rollout"), total, "prompts")) {
      plan.chunkIds().stream()
          .filter(chunk -> !missing.contains(chunk))
          .forEach(chunk -> stage.advance(plan.size(chunk, total)));
      run.chunkRunner()
          .run(
              missing,
              chunk -> {
                int from = plan.firstPosition(chunk.chunk(), total);
                int to = plan.firstPosition(chunk.chunk() + 1, total);
                make(chunk, policy, drawn.subList(from, to), from);
                stage.advance(to - from);
              });
    }
  }

  private void make(ChunkId chunk, Checkpoint policy, List<Row> rows, int firstPosition) {
    RecordCodec<RolloutGroup> groups =
        run.warehouse().codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    RolloutPartitions partitions =
        new RolloutPartitions(
            run.engine(policy),
            run.prompts(),
            new RolloutPartitions.Settings(
                chunk.iteration(),
                0,
                run.config().rollout().groupSize(),
                run.config().run().seed(),
                sampling(run.config().rollout())),
            run.warehouse().codec(Tables.PROMPTS, Prompt.class),
            groups);
    Generation.append(
        run,
        chunk,
        Tables.ROLLOUT_GROUPS,
        groups,
        Generation.rows(run, PromptRows.deal(rows, firstPosition, run.tasks()), partitions));
  }

  static SamplingParams sampling(RolloutConfig rollout) {
    return new SamplingParams(
        rollout.temperature(), rollout.topP(), rollout.topK(), false, rollout.maxTokens(), true);
  }
}

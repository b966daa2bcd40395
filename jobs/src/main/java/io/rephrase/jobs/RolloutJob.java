package io.rephrase.jobs;

import io.rephrase.config.RolloutConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.Prompt;
import io.rephrase.data.RolloutGroup;
import io.rephrase.generation.SamplingParams;
import io.rephrase.guidance.DynamicSampling;
import io.rephrase.jobs.spark.PromptRows;
import io.rephrase.jobs.spark.RolloutPartitions;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StageRound;
import io.rephrase.jobs.table.Tables;
import io.rephrase.progress.ProgressStage;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * Samples and verifies the rollouts of an iteration: {@code prompts} to {@code rollout_groups}, in
 * chunks that are committed exactly once. With dynamic sampling in rounds: how many prompts a later
 * round draws follows from the groups before it, and is stored with the run before they are drawn.
 */
public final class RolloutJob implements StageJob {

  private final RunContext run;
  private final Prompts prompts;
  private final CheckpointCatalogue checkpoints;
  private final RunMethod method;

  RolloutJob(RunContext run, Prompts prompts, CheckpointCatalogue checkpoints, RunMethod method) {
    this.run = run;
    this.prompts = prompts;
    this.checkpoints = checkpoints;
    this.method = method;
  }

  /** As {@code rephrase rollout} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.ROLLOUT, words);
  }

  @Override
  public boolean done(int iteration) {
    return run.done(Stage.ROLLOUT, Tables.ROLLOUT_GROUPS, iteration)
        && run.roundsEnded(method, iteration);
  }

  @Override
  public void run(int iteration) {
    if (done(iteration)) {
      return;
    }
    ServedTraining.check(run.config());
    Checkpoint policy = checkpoints.at(iteration);
    Optional<StageRound> round = Optional.of(first(iteration));
    while (round.isPresent()) {
      makeRound(round.get(), policy);
      round = next(iteration, round.get());
    }
  }

  private StageRound first(int iteration) {
    return run.log().rounds(Stage.ROLLOUT, iteration).stream()
        .findFirst()
        .orElseGet(() -> plan(iteration, run.config().rollout().promptsPerIteration()));
  }

  /** The stored round after {@code made}; else the one that follows from it, stored first. */
  private Optional<StageRound> next(int iteration, StageRound made) {
    if (method.resampling().isEmpty() || made.ends()) {
      return Optional.empty();
    }
    List<StageRound> rounds = run.log().rounds(Stage.ROLLOUT, iteration);
    int number = made.number() + 1;
    return Optional.of(
        number < rounds.size()
            ? rounds.get(number)
            : plan(iteration, draw(iteration, method.resampling().get(), made)));
  }

  /** How many prompts the next round draws: what is missing, as far as there are more. */
  private int draw(int iteration, DynamicSampling sampling, StageRound made) {
    List<GroupOutcome> groups = IterationOutcomes.of(run, iteration).groups();
    int kept = (int) groups.stream().filter(GroupOutcome::kept).count();
    int wanted = sampling.nextDraw(made.number() + 1, made.endPosition(), kept);
    int left = prompts.reserve(iteration) - (made.endPosition() - sampling.wantedGroups());
    return Math.min(wanted, left);
  }

  private StageRound plan(int iteration, int count) {
    return run.log().planRound(Stage.ROLLOUT, iteration, count, run.chunksOf(count));
  }

  private void makeRound(StageRound round, Checkpoint policy) {
    List<ChunkId> missing = run.store().missing(Tables.ROLLOUT_GROUPS, round.chunkIds());
    if (missing.isEmpty()) {
      return;
    }
    int iteration = round.stage().iteration();
    List<Row> drawn = prompts.iteration(iteration, round.firstPosition(), round.prompts());
    String name = round.number() == 0 ? "rollout" : "rollout, round " + (round.number() + 1);
    try (ProgressStage stage =
        run.progress().stage(StageNames.of(run, iteration, name), round.prompts(), "prompts")) {
      round.chunkIds().stream()
          .filter(chunk -> !missing.contains(chunk))
          .forEach(chunk -> stage.advance(round.endOf(chunk) - round.startOf(chunk)));
      run.chunkRunner()
          .run(
              missing,
              chunk -> {
                int from = round.startOf(chunk);
                int to = round.endOf(chunk);
                int first = round.firstPosition();
                List<PromptRows> shares =
                    PromptRows.deal(drawn.subList(from - first, to - first), from, run.tasks());
                make(round, chunk, policy, shares);
                stage.advance(to - from);
              });
    }
  }

  private void make(StageRound round, ChunkId chunk, Checkpoint policy, List<PromptRows> shares) {
    RecordCodec<RolloutGroup> groups =
        run.warehouse().codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    RolloutPartitions.Keep keep =
        method.resampling().isPresent()
            ? RolloutPartitions.Keep.WITH_VARIANCE
            : RolloutPartitions.Keep.ALL;
    RolloutPartitions partitions =
        new RolloutPartitions(
            run.samplingEngine(policy),
            run.prompts(),
            new RolloutPartitions.Settings(
                chunk.iteration(),
                round.number(),
                method.slots(),
                keep,
                run.config().run().seed(),
                sampling(run.config().rollout()),
                run.journal(chunk)),
            run.warehouse().codec(Tables.PROMPTS, Prompt.class),
            groups);
    Generation.append(
        run, chunk, Tables.ROLLOUT_GROUPS, groups, Generation.rows(run, shares, partitions));
  }

  static SamplingParams sampling(RolloutConfig rollout) {
    return new SamplingParams(
        rollout.temperature(), rollout.topP(), rollout.topK(), false, rollout.maxTokens(), true);
  }
}

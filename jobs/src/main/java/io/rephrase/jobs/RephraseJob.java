package io.rephrase.jobs;

import io.rephrase.config.RephraseConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.Prompt;
import io.rephrase.data.Rephrasing;
import io.rephrase.generation.SamplingParams;
import io.rephrase.guidance.GroupGate;
import io.rephrase.jobs.spark.PromptRows;
import io.rephrase.jobs.spark.RephrasePartitions;
import io.rephrase.jobs.spark.RephrasingLimits;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Tables;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * Scores expert solutions, where the algorithm or the configuration wants it (see {@link
 * TeacherJob}), and asks the policy to restate them: {@code prompts} and {@code rollout_groups} to
 * {@code teacher_scores} and {@code rephrasings}. With {@code rephrase.when = hard-only} only for
 * groups that the gate finds hard. Prompts without knowledge are left out.
 */
public final class RephraseJob implements StageJob {

  private final RunContext run;
  private final Prompts prompts;
  private final CheckpointCatalogue checkpoints;
  private final RunMethod method;
  private final TeacherJob teacher;

  RephraseJob(RunContext run, Prompts prompts, CheckpointCatalogue checkpoints, RunMethod method) {
    this.run = run;
    this.prompts = prompts;
    this.checkpoints = checkpoints;
    this.method = method;
    this.teacher = new TeacherJob(run, prompts, checkpoints, method);
  }

  /** As {@code rephrase rephrase} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.REPHRASE, words);
  }

  /** Nothing is missing where the algorithm takes no rephrasings. */
  @Override
  public boolean done(int iteration) {
    return teacher.done(iteration)
        && (!method.rephrases() || run.done(Stage.REPHRASE, Tables.REPHRASINGS, iteration));
  }

  @Override
  public void run(int iteration) {
    teacher.run(iteration);
    if (method.rephrases()) {
      rephrase(iteration);
    }
  }

  private void rephrase(int iteration) {
    ServedTraining.check(run.config());
    Checkpoint policy = checkpoints.at(iteration);
    requireInputs(iteration);
    new PromptStage(run, prompts, Stage.REPHRASE, Tables.REPHRASINGS)
        .makeMissing(
            iteration,
            drawn -> wanted(iteration, drawn),
            (chunk, share) -> make(chunk, policy, sampler(policy), share));
  }

  private void requireInputs(int iteration) {
    switch (run.config().rephrase().when()) {
      case EAGER -> {}
      case HARD_ONLY -> run.requireDone(Stage.ROLLOUT, Tables.ROLLOUT_GROUPS, iteration);
    }
  }

  private Checkpoint sampler(Checkpoint policy) {
    return switch (run.config().rephrase().policy()) {
      case CURRENT -> policy;
      case INITIAL -> checkpoints.at(0);
    };
  }

  /** Positions that are rephrased. */
  private Set<Integer> wanted(int iteration, List<Row> drawn) {
    Set<Integer> positions = Prompts.withKnowledge(drawn);
    switch (run.config().rephrase().when()) {
      case EAGER -> {}
      case HARD_ONLY -> positions.retainAll(hardPositions(iteration));
    }
    return positions;
  }

  private Set<Integer> hardPositions(int iteration) {
    GroupGate gate = new GroupGate(run.config().guidance().delta(), run.config().guidance().rho());
    Set<Integer> hard = new TreeSet<>();
    for (GroupOutcome group : IterationOutcomes.of(run, iteration).groups()) {
      if (gate.read(group.rewards()).hard()) {
        hard.add(group.position());
      }
    }
    return hard;
  }

  private void make(ChunkId chunk, Checkpoint policy, Checkpoint sampler, PromptRows share) {
    RephraseConfig config = run.config().rephrase();
    RecordCodec<Rephrasing> codec = run.warehouse().codec(Tables.REPHRASINGS, Rephrasing.class);
    RephrasePartitions.Settings settings =
        new RephrasePartitions.Settings(
            chunk.iteration(),
            policy.policyVersion(),
            config.attempts(),
            run.config().run().seed(),
            new SamplingParams(
                config.temperature(), config.topP(), 0, false, config.maxTokens(), true),
            run.config().rollout().temperature(),
            RephrasingLimits.of(run.config().guidance().delta(), config.limits()),
            run.journal(chunk));
    RephrasePartitions partitions =
        new RephrasePartitions(
            run.samplingEngine(sampler),
            run.prompts(),
            settings,
            run.warehouse().codec(Tables.PROMPTS, Prompt.class),
            codec);
    Generation.append(
        run,
        chunk,
        Tables.REPHRASINGS,
        codec,
        Generation.rows(run, share.dealt(run.tasks()), partitions));
  }
}

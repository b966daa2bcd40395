package io.rephrase.jobs;

import io.rephrase.jobs.table.Stage;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The stages of one run and its policies; making it reads which prompts the run draws. */
final class RunStages implements AutoCloseable {

  private final RunContext run;
  private final CheckpointCatalogue checkpoints;
  private final StageJob rollout;
  private final StageJob rephrase;
  private final StageJob guidance;
  private final StageJob train;
  private final TrainJob trainer;
  private final StageJob evaluate;

  RunStages(RunContext run) {
    RunMethod method = RunMethod.of(run.config());
    this.run = run;
    this.checkpoints = new CheckpointCatalogue(run);
    Prompts prompts = new Prompts(run);
    if (method.needsKnowledge()) {
      prompts.requireKnowledge(run.config().algorithm().preset());
    }
    this.rollout =
        new TimedStage(run, Stage.ROLLOUT, new RolloutJob(run, prompts, checkpoints, method));
    StageJob grade = new TimedStage(run, Stage.GRADE, new GradeJob(run, prompts));
    this.rephrase =
        new AfterGrading(
            grade,
            new TimedStage(
                run, Stage.REPHRASE, new RephraseJob(run, prompts, checkpoints, method)));
    this.guidance =
        new AfterGrading(grade, new TimedStage(run, Stage.GUIDANCE, new GuidanceJob(run, method)));
    this.trainer = new TrainJob(run, method.trainer(), checkpoints);
    this.train = new TimedStage(run, Stage.TRAIN, trainer);
    this.evaluate = new TimedStage(run, Stage.EVALUATE, new EvaluateJob(run, prompts, checkpoints));
  }

  CheckpointCatalogue checkpoints() {
    return checkpoints;
  }

  StageJob rollout() {
    return rollout;
  }

  StageJob rephrase() {
    return rephrase;
  }

  StageJob guidance() {
    return guidance;
  }

  StageJob train() {
    return train;
  }

  StageJob evaluate() {
    return evaluate;
  }

  /**
   * Runs a stage of the wanted iteration, or of the first where it is not done.
   *
   * @return which it is; empty where it is done for every iteration
   */
  OptionalInt run(Stage stage, OptionalInt wanted) {
    StageJob job = job(stage);
    OptionalInt number = wanted.isPresent() ? wanted : first(stage, job);
    if (number.isEmpty()) {
      run.progress().say("%s: done for every iteration".formatted(stage.command()));
      return number;
    }
    if (job.done(number.getAsInt())) {
      run.progress()
          .say(
              "%s %d: done already, nothing is missing"
                  .formatted(stage.command(), number.getAsInt()));
      return number;
    }
    job.run(number.getAsInt());
    return number;
  }

  /** Whether every policy is trained and those due are evaluated. */
  boolean done() {
    int iterations = run.config().run().iterations();
    return checkpoints.exists(iterations)
        && IntStream.rangeClosed(0, iterations).allMatch(evaluate::done);
  }

  private OptionalInt first(Stage stage, StageJob job) {
    return IntStream.rangeClosed(0, run.lastOf(stage)).filter(k -> !job.done(k)).findFirst();
  }

  private StageJob job(Stage stage) {
    return switch (stage) {
      case ROLLOUT -> rollout;
      case TEACHER, REPHRASE -> rephrase;
      case GUIDANCE -> guidance;
      case TRAIN -> train;
      case EVALUATE -> evaluate;
      case GRADE, INGEST ->
          throw new IllegalArgumentException("stage " + stage.label() + " is no part of a run");
    };
  }

  @Override
  public void close() {
    trainer.close();
  }
}

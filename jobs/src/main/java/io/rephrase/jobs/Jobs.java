package io.rephrase.jobs;

import io.rephrase.data.Label;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Warehouse;
import java.util.function.BiConsumer;

/**
 * The catalogue of jobs: what each is called on the command line, what it does, and its class,
 * whose {@code main} takes the same words as the command.
 */
public enum Jobs implements Label {
  INGEST("ingest", "Reads data.sources into prompts and quarantine.", IngestJob::run),
  CONTAMINATION(
      "contamination",
      "Compares training prompts with the benchmarks' problems: prompts to contamination.",
      ContaminationJob::run),
  ROLLOUT(
      "rollout",
      "Samples and verifies an iteration's rollouts: prompts to rollout_groups.",
      (warehouse, call) -> OpenRun.runStage(warehouse, call, Stage.ROLLOUT)),
  REPHRASE(
      "rephrase",
      "Restates and scores expert solutions: prompts and rollout_groups to rephrasings and teacher_scores.",
      (warehouse, call) -> OpenRun.runStage(warehouse, call, Stage.REPHRASE)),
  GUIDE(
      "guide",
      "Decides what happens to each group: rollout_groups, rephrasings and teacher_scores to guidance.",
      (warehouse, call) -> OpenRun.runStage(warehouse, call, Stage.GUIDANCE)),
  TRAIN(
      "train",
      "Trains on an iteration's final groups: guidance to training_steps and checkpoints.",
      (warehouse, call) -> OpenRun.runStage(warehouse, call, Stage.TRAIN)),
  EVALUATE(
      "evaluate",
      "Answers and grades the benchmarks with one policy: checkpoints to evaluations.",
      EvaluateJob::runAlone),
  ITERATE(
      "iterate",
      "All of these, iteration after iteration.",
      (warehouse, call) -> new IterateJob(warehouse, call).run());

  private final String label;
  private final String description;
  private final BiConsumer<Warehouse, JobCall> body;

  Jobs(String label, String description, BiConsumer<Warehouse, JobCall> body) {
    this.label = label;
    this.description = description;
    this.body = body;
  }

  /** The command's name. */
  @Override
  public String label() {
    return label;
  }

  /** In a sentence. */
  public String description() {
    return description;
  }

  /**
   * Does what is missing; the same call again adds nothing.
   *
   * @throws io.rephrase.RephraseException for what the user can put right, missing inputs among it
   */
  public void run(Warehouse warehouse, JobCall call) {
    body.accept(warehouse, call);
  }
}

package io.rephrase.jobs;

import io.rephrase.jobs.table.Stage;

/**
 * A stage whose time is recorded.
 *
 * @param run it belongs to
 * @param stage its name
 * @param job that does the work
 */
record TimedStage(RunContext run, Stage stage, StageJob job) implements StageJob {

  @Override
  public boolean done(int number) {
    return job.done(number);
  }

  @Override
  public void run(int number) {
    run.clock().time(run, stage, number, () -> job.run(number));
  }
}

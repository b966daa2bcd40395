package io.rephrase.jobs;

/**
 * A stage that decides by rewards, and first has those filled in that a judge failed to give.
 *
 * @param grading that asks the judge again
 * @param job that decides
 */
record AfterGrading(StageJob grading, StageJob job) implements StageJob {

  @Override
  public boolean done(int number) {
    return job.done(number);
  }

  @Override
  public void run(int number) {
    if (!job.done(number)) {
      grading.run(number);
    }
    job.run(number);
  }
}

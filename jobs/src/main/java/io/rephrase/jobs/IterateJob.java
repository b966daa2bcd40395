package io.rephrase.jobs;

import io.rephrase.jobs.table.Warehouse;

/**
 * A whole run: rollout, rephrase, guidance, train, evaluate, iteration after iteration. Each stage
 * returns at once when its own mark is there, so that the same call resumes.
 */
public final class IterateJob {

  private final Warehouse warehouse;
  private final JobCall call;

  public IterateJob(Warehouse warehouse, JobCall call) {
    this.warehouse = warehouse;
    this.call = call;
  }

  /** As {@code rephrase iterate} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.ITERATE, words);
  }

  /**
   * Runs to the last iteration, from where an earlier call was stopped.
   *
   * @throws io.rephrase.RephraseException if the run belongs to another driver, was begun with
   *     another configuration, or its inputs cannot be used
   */
  public void run() {
    ServedTraining.checkIterations(call.resolved().config());
    try (OpenRun run = OpenRun.of(warehouse, call)) {
      try {
        iterate(run.stages(), run.iterations());
      } catch (RuntimeException e) {
        run.failed(e);
        throw e;
      }
      run.finishIfDone();
    }
  }

  private static void iterate(RunStages stages, int iterations) {
    stages.evaluate().run(0);
    for (int iteration = 0; iteration < iterations; iteration++) {
      stages.rollout().run(iteration);
      stages.rephrase().run(iteration);
      stages.guidance().run(iteration);
      stages.train().run(iteration); // Publishes policy iteration + 1.
      stages.evaluate().run(iteration + 1);
    }
  }
}

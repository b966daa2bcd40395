package io.rephrase.jobs;

/** How progress names a stage. */
final class StageNames {

  private StageNames() {}

  static String of(RunContext run, int iteration, String stage) {
    return "iteration %d/%d %s".formatted(iteration + 1, run.config().run().iterations(), stage);
  }
}

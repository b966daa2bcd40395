package io.rephrase.cli;

import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.JobCall;
import io.rephrase.jobs.Jobs;
import io.rephrase.jobs.WarehouseSession;
import io.rephrase.jobs.table.TakeOver;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/** How a command starts a job: a session, the warehouse, progress on standard error. */
final class JobStart {

  private final Jobs job;
  private final CommandSpec spec;
  private final TakeOver takeOver;

  private JobStart(Jobs job, CommandSpec spec, TakeOver takeOver) {
    this.job = job;
    this.spec = spec;
    this.takeOver = takeOver;
  }

  static JobStart of(Jobs job, CommandSpec spec) {
    return new JobStart(job, spec, TakeOver.NEVER);
  }

  JobStart takingOver(TakeOver order) {
    return new JobStart(job, spec, order);
  }

  int run(ResolvedConfig resolved) {
    return run(resolved, UnaryOperator.identity());
  }

  /** The same for one iteration or policy version. */
  int runAt(ResolvedConfig resolved, int number) {
    return run(resolved, call -> call.at(number));
  }

  private int run(ResolvedConfig resolved, UnaryOperator<JobCall> part) {
    PrintWriter out = spec.commandLine().getOut();
    try (Interruption stop = Interruption.announcedOn(spec.commandLine().getErr());
        WarehouseSession session = WarehouseSession.forWriting(job.label(), resolved)) {
      JobCall whole = JobCall.of(resolved, job.label(), Progress.onStandardError(), out);
      job.run(session.warehouse(), part.apply(whole.takingOver(takeOver)));
    }
    return 0;
  }
}

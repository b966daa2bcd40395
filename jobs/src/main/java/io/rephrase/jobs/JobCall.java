package io.rephrase.jobs;

import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.table.TakeOver;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.util.OptionalInt;

/**
 * What a job is told by whoever starts it: a command, or {@code spark-submit}.
 *
 * @param resolved configuration
 * @param command recorded with the run
 * @param number the iteration, or the policy version of an evaluation; empty takes the first whose
 *     stage is not done
 * @param takeOver whether another driver's lease on the run ends
 * @param progress shown to people
 * @param out where results go
 */
public record JobCall(
    ResolvedConfig resolved,
    String command,
    OptionalInt number,
    TakeOver takeOver,
    Progress progress,
    PrintWriter out) {

  public JobCall {
    if (number.isPresent() && number.getAsInt() < 0) {
      throw new IllegalArgumentException(
          "iterations and policy versions count from 0, got " + number.getAsInt());
    }
  }

  /** Of the whole job, or the first part of it that is not done. */
  public static JobCall of(
      ResolvedConfig resolved, String command, Progress progress, PrintWriter out) {
    return new JobCall(resolved, command, OptionalInt.empty(), TakeOver.NEVER, progress, out);
  }

  /** The same for one iteration or policy version. */
  public JobCall at(int wanted) {
    return new JobCall(resolved, command, OptionalInt.of(wanted), takeOver, progress, out);
  }

  /** The same that may end another driver's lease. */
  public JobCall takingOver(TakeOver order) {
    return new JobCall(resolved, command, number, order, progress, out);
  }
}

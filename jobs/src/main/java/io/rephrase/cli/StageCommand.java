package io.rephrase.cli;

import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.Jobs;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that run one stage of a run alone have in common. */
abstract class StageCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private TakeOverOption takeOver;

  private final Jobs job;

  StageCommand(Jobs job) {
    this.job = job;
  }

  /** The iteration or policy version that was asked for; null takes the first not done. */
  abstract @Nullable Integer number();

  @Override
  public Integer call() {
    ResolvedConfig resolved = options.resolve();
    Integer number = number();
    if (number == null) {
      return start().run(resolved);
    }
    if (number < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "iterations and policy versions count from 0, got %d".formatted(number));
    }
    return start().runAt(resolved, number);
  }

  private JobStart start() {
    return JobStart.of(job, spec).takingOver(takeOver.order());
  }
}

package io.rephrase.cli;

import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.Jobs;
import io.rephrase.jobs.RunPlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A whole run. */
@Command(
    name = "iterate",
    mixinStandardHelpOptions = true,
    description = {
      "Runs rollout, rephrase, guidance, train and evaluate, iteration after iteration.",
      "The same command again resumes where it was stopped."
    },
    footer = {
      "",
      "Example:",
      "  rephrase iterate --config conf/arena.conf run.name=mine run.iterations=5"
    })
final class IterateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private TakeOverOption takeOver;

  @Option(names = "--dry-run", description = "Prints what would be done and writes nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    ResolvedConfig resolved = options.resolve();
    if (dryRun) {
      RunPlan.of(resolved.config()).lines().forEach(spec.commandLine().getOut()::println);
      return 0;
    }
    return JobStart.of(Jobs.ITERATE, spec).takingOver(takeOver.order()).run(resolved);
  }
}

package io.rephrase.cli;

import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.Jobs;
import io.rephrase.jobs.MemoryCheck;
import io.rephrase.jobs.MemoryPlan;
import io.rephrase.jobs.RunPlan;
import io.rephrase.jobs.WarehouseSession;
import java.io.PrintWriter;
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
      PrintWriter out = spec.commandLine().getOut();
      RunPlan.of(resolved.config()).lines().forEach(out::println);
      MemoryCheck.of(
              WarehouseSession.sparkConf("iterate", resolved.config()),
              resolved.config().engine().device())
          .lines(MemoryPlan.ofFirstPolicy(resolved.config()))
          .forEach(out::println);
      out.println("nothing was written");
      return 0;
    }
    return JobStart.of(Jobs.ITERATE, spec).takingOver(takeOver.order()).run(resolved);
  }
}

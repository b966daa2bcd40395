package io.rephrase.cli;

import io.rephrase.jobs.Jobs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Looks for benchmark problems in the training prompts. */
@Command(
    name = "contamination",
    mixinStandardHelpOptions = true,
    description = {
      "Compares the prompts a run would train on, and their solutions, with the problems of its "
          + "evaluate.benchmarks by their n-grams of words; ingests what is not there yet.",
      "Prints a table of data sets and benchmarks. Reads prompts, writes contamination: the rows "
          + "of what was compared are replaced."
    },
    footer = {
      "",
      "Example:",
      "  rephrase contamination --config my.conf",
      "  rephrase contamination --config my.conf contamination.ngramWords=8 contamination.minShare=0.5"
    })
final class ContaminationCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Override
  public Integer call() {
    return JobStart.of(Jobs.CONTAMINATION, spec).run(options.resolve());
  }
}

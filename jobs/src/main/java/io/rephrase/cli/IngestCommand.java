package io.rephrase.cli;

import io.rephrase.jobs.Jobs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads data from outside. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Reads data.sources into the prompts table; what cannot be used goes to quarantine with "
          + "its reason.",
      "Reading the same data again adds nothing."
    },
    footer = {
      "",
      "Example:",
      "  rephrase ingest data.sources.sums.path=sums.jsonl data.sources.sums.verifier=numeric"
    })
final class IngestCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Override
  public Integer call() {
    return JobStart.of(Jobs.INGEST, spec).run(options.resolve());
  }
}

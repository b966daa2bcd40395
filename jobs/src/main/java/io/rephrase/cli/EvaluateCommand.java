package io.rephrase.cli;

import io.rephrase.jobs.Jobs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** An evaluation alone. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Answers and grades the benchmarks of a run with one of its policies.",
      "Prints pass@k, avg@k and maj@k with 95 %% intervals over problems, by difficulty and subject.",
      "Reads checkpoints, writes evaluations. Needs that policy."
    },
    footer = {
      "",
      "Example:",
      "  rephrase evaluate --config conf/arena.conf --policy-version 1",
      "  rephrase evaluate --config my.conf evaluate.benchmarks.aime.samples=32"
    })
final class EvaluateCommand extends StageCommand {

  @Option(
      names = "--policy-version",
      paramLabel = "K",
      description = "From 0; default: the first that is not done.")
  private @Nullable Integer policyVersion;

  EvaluateCommand() {
    super(Jobs.EVALUATE);
  }

  @Override
  @Nullable Integer number() {
    return policyVersion;
  }
}

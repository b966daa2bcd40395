package io.rephrase.cli;

import io.rephrase.jobs.Jobs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Decisions alone. */
@Command(
    name = "guide",
    mixinStandardHelpOptions = true,
    description = {
      "Decides what happens to each group of one iteration of a run.",
      "Reads rollout_groups and rephrasings, writes guidance. Needs both."
    },
    footer = {"", "Example:", "  rephrase guide --config conf/arena.conf --iteration 0"})
final class GuideCommand extends StageCommand {

  @Option(
      names = "--iteration",
      paramLabel = "K",
      description = "From 0; default: the first that is not done.")
  private @Nullable Integer iteration;

  GuideCommand() {
    super(Jobs.GUIDE);
  }

  @Override
  @Nullable Integer number() {
    return iteration;
  }
}

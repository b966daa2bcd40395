package io.rephrase.cli;

import io.rephrase.jobs.Jobs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Training alone. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains on the groups of one iteration of a run, as decided, and publishes the next "
          + "policy.",
      "Writes training_steps and checkpoints. Needs its guidance."
    },
    footer = {"", "Example:", "  rephrase train --config conf/arena.conf --iteration 0"})
final class TrainCommand extends StageCommand {

  @Option(
      names = "--iteration",
      paramLabel = "K",
      description = "From 0; default: the first that is not done.")
  private @Nullable Integer iteration;

  TrainCommand() {
    super(Jobs.TRAIN);
  }

  @Override
  @Nullable Integer number() {
    return iteration;
  }
}

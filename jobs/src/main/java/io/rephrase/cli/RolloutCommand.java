package io.rephrase.cli;

import io.rephrase.jobs.Jobs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rollouts alone. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    description = {
      "Samples and verifies the rollouts of one iteration of a run and nothing else.",
      "Reads prompts, writes rollout_groups. Needs the iteration's policy."
    },
    footer = {"", "Example:", "  rephrase rollout --config conf/arena.conf --iteration 0"})
final class RolloutCommand extends StageCommand {

  @Option(
      names = "--iteration",
      paramLabel = "K",
      description = "From 0; default: the first that is not done.")
  private @Nullable Integer iteration;

  RolloutCommand() {
    super(Jobs.ROLLOUT);
  }

  @Override
  @Nullable Integer number() {
    return iteration;
  }
}

package io.rephrase.cli;

import io.rephrase.jobs.Jobs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rephrasings alone. */
@Command(
    name = "rephrase",
    mixinStandardHelpOptions = true,
    description = {
      "Has the policy restate the expert solutions of one iteration of a run.",
      "Reads prompts and rollout_groups, writes rephrasings. Needs its rollouts, unless rephrase.when = "
          + "eager."
    },
    footer = {"", "Example:", "  rephrase rephrase --config conf/arena.conf --iteration 0"})
final class RephraseCommand extends StageCommand {

  @Option(
      names = "--iteration",
      paramLabel = "K",
      description = "From 0; default: the first that is not done.")
  private @Nullable Integer iteration;

  RephraseCommand() {
    super(Jobs.REPHRASE);
  }

  @Override
  @Nullable Integer number() {
    return iteration;
  }
}

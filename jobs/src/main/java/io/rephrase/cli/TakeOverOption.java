package io.rephrase.cli;

import io.rephrase.jobs.table.TakeOver;
import picocli.CommandLine.Option;

/** What commands that own a run have in common. */
final class TakeOverOption {

  @Option(
      names = "--take-over",
      description =
          "Ends the ownership of another driver that was killed or is paused, where the warehouse"
              + " is on no local path. What it tries to commit from then on is refused.")
  private boolean ordered;

  TakeOver order() {
    return ordered ? TakeOver.ORDERED : TakeOver.NEVER;
  }
}

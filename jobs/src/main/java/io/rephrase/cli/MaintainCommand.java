package io.rephrase.cli;

import io.rephrase.jobs.MaintainJob;
import io.rephrase.jobs.WarehouseSession;
import io.rephrase.jobs.table.TableUpkeep;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Keeps a warehouse small. */
@Command(
    name = "maintain",
    mixinStandardHelpOptions = true,
    description = {
      "Merges the small files of finished iterations, removes files and checkpoint folders "
          + "that nothing refers to, or deletes a run.",
      "A run that a driver owns is left alone."
    },
    footer = {
      "",
      "Examples:",
      "  rephrase maintain --dry-run",
      "  rephrase maintain --delete-run arena"
    })
final class MaintainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private WarehouseOptions options;

  @Option(names = "--dry-run", description = "Prints what would be done and does nothing.")
  private boolean dryRun;

  @Option(
      names = "--delete-run",
      paramLabel = "R",
      description =
          "Deletes this run's rows and checkpoints, and nothing else. Its name stays taken.")
  private @Nullable String deleted;

  @Option(
      names = "--retain-days",
      paramLabel = "DAYS",
      description = "Age of unreferenced table files that are removed; default: ${DEFAULT-VALUE}.")
  private int retainDays = (int) TableUpkeep.LEAST_RETENTION.toDays();

  @Override
  public Integer call() {
    if (retainDays < TableUpkeep.LEAST_RETENTION.toDays()) {
      throw new ParameterException(
          spec.commandLine(),
          "--retain-days must be at least %d, got %d: a run under way still reads older files"
              .formatted(TableUpkeep.LEAST_RETENTION.toDays(), retainDays));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (WarehouseSession session = session()) {
      MaintainJob job =
          dryRun
              ? MaintainJob.pretending(session.warehouse(), out::println)
              : MaintainJob.acting(session.warehouse(), out::println);
      if (deleted == null) {
        job.upkeep(Duration.ofDays(retainDays));
      } else {
        job.delete(deleted);
      }
    }
    out.println(dryRun ? "Nothing was done." : "Done.");
    return 0;
  }

  private WarehouseSession session() {
    return dryRun
        ? WarehouseSession.forReading("maintain", options.resolve())
        : WarehouseSession.forChanging("maintain", options.resolve());
  }
}

package io.rephrase.cli;

import io.rephrase.InputException;
import io.rephrase.jobs.WarehouseSession;
import io.rephrase.jobs.table.Redo;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.RunOwnership;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Warehouse;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Decides to pay for a stage again. */
@Command(
    name = "redo",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes the rows of a stage and of those after it in one iteration; the run's own "
          + "command then makes them again.",
      "Refused where a policy was trained from them. Evaluations can always be made again: K is "
          + "the policy's version then, and no other stage is touched."
    },
    footer = {"", "Example:", "  rephrase redo --run arena --iteration 3 --stage rephrase"})
final class RedoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private WarehouseOptions options;
  @Mixin private TakeOverOption takeOver;

  @Option(names = "--run", paramLabel = "R", required = true, description = "Name of the run.")
  private String run;

  @Option(
      names = "--iteration",
      paramLabel = "K",
      required = true,
      description = "From 0; with --stage evaluate the version of the policy.")
  private int iteration;

  @Option(
      names = "--stage",
      paramLabel = "S",
      required = true,
      description = "rollout, teacher, rephrase, guidance, train or evaluate")
  private String stage;

  @Override
  public Integer call() {
    Stage redone =
        Arrays.stream(Stage.values())
            .filter(one -> one.label().equals(stage))
            .findFirst()
            .orElseThrow(
                () ->
                    new InputException(
                        "--stage %s: must be one of %s".formatted(stage, Redo.labels())));
    PrintWriter out = spec.commandLine().getOut();
    try (WarehouseSession session = WarehouseSession.forChanging("redo", options.resolve())) {
      Warehouse warehouse = session.warehouse();
      try (RunOwnership owned = RunOwnership.acquire(warehouse, run, takeOver.order())) {
        RunLog log =
            RunLog.open(
                warehouse.controlTables(owned),
                new RunLog.Author(run, "redo", Main.VERSION),
                Clock.systemUTC());
        if (log.first().isEmpty()) {
          throw new InputException(
              "--run %s: there is no such run in %s; `rephrase runs` lists them"
                  .formatted(run, warehouse.root()));
        }
        new Redo(warehouse, log, owned).run(redone, iteration);
      }
    }
    out.printf(
        redone == Stage.EVALUATE
            ? "Rows of stage %s of policy %d are gone.%n"
            : "Rows of stage %s and later of iteration %d are gone.%n",
        stage,
        iteration);
    out.println("The command that made the run makes them again.");
    return 0;
  }
}

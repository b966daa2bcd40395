package io.rephrase.cli;

import io.rephrase.jobs.WarehouseSession;
import io.rephrase.jobs.spark.SparkSessions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "Lists the runs of a warehouse: in what state, how far, how good, when.",
    footer = {"", "Example:", "  rephrase runs --warehouse warehouse"})
final class RunsCommand implements Callable<Integer> {

  private static final String QUERY = "SELECT * FROM run_overview ORDER BY began";

  @Spec private CommandSpec spec;
  @Mixin private WarehouseOptions options;

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private RowFormat format = RowFormat.TABLE;

  @Override
  public Integer call() {
    try (WarehouseSession session = WarehouseSession.forReading("runs", options.resolve())) {
      SparkSessions.expectSmallPlans(session.spark());
      session.warehouse().registerViewsFor(QUERY);
      format.print(session.spark().sql(QUERY), spec.commandLine().getOut());
      return 0;
    }
  }
}

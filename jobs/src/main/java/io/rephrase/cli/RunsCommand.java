package io.rephrase.cli;

import io.rephrase.jobs.WarehouseSession;
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
    description = "Lists the runs of a warehouse: when, how far, in what state.",
    footer = {"", "Example:", "  rephrase runs --warehouse warehouse"})
final class RunsCommand implements Callable<Integer> {

  private static final String QUERY =
      """
      SELECT r.run_id, r.began, r.last_event, r.command, r.status, coalesce(c.policies, 0) AS policies,
             r.config_hash
      FROM (SELECT run_id, min(at) AS began, max(at) AS last_event,
                   max_by(command, sequence) AS command,
                   max_by(status, sequence) AS status,
                   substring(max_by(config_hash, sequence) FILTER (WHERE config_hash IS NOT NULL), 1, 8)
                     AS config_hash
            FROM runs GROUP BY run_id) r
      LEFT JOIN (SELECT run_id, count(*) AS policies FROM checkpoints GROUP BY run_id) c
        ON r.run_id = c.run_id
      ORDER BY r.began
      """;

  @Spec private CommandSpec spec;
  @Mixin private WarehouseOptions options;

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private RowFormat format = RowFormat.TABLE;

  @Override
  public Integer call() {
    try (WarehouseSession session = WarehouseSession.forReading("runs", options.resolve())) {
      session.warehouse().registerViews();
      format.print(session.spark().sql(QUERY), spec.commandLine().getOut());
      return 0;
    }
  }
}

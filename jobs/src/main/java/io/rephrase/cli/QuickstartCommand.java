package io.rephrase.cli;

import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.IterateJob;
import io.rephrase.jobs.JobCall;
import io.rephrase.jobs.ReportJob;
import io.rephrase.jobs.WarehouseSession;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole of RePO in a small world. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description = {
      "RePO on the arena with the embedded policy.",
      "Leaves tables, checkpoints and a report in some minutes. Stopped or killed, the same command "
          + "goes on."
    },
    footer = {
      "",
      "Examples:",
      "  rephrase quickstart",
      "  rephrase quickstart run.iterations=3 run.name=short"
    })
final class QuickstartCommand implements Callable<Integer> {

  private static final String SCORES =
      """
      SELECT CAST(difficulty AS INT) AS steps, count(DISTINCT prompt_id) AS problems,
             round(avg(reward) FILTER (WHERE policy_version = 0), 3) AS before,
             round(avg(reward) FILTER (WHERE policy_version = last), 3) AS after
      FROM (SELECT *, max(policy_version) OVER () AS last FROM evaluations WHERE run_id = '%s')
      GROUP BY difficulty ORDER BY steps
      """;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(names = "--no-report", description = "Leaves the HTML page out.")
  private boolean withoutReport;

  @Override
  public Integer call() {
    ResolvedConfig resolved = options.resolveOver("arena");
    String run = resolved.config().run().id();
    PrintWriter out = spec.commandLine().getOut();
    try (Interruption stop = Interruption.announcedOn(spec.commandLine().getErr());
        WarehouseSession session = WarehouseSession.forWriting("quickstart", resolved)) {
      JobCall call = JobCall.of(resolved, "quickstart", Progress.onStandardError(), out);
      new IterateJob(session.warehouse(), call).run();
      session.warehouse().registerViewsFor(SCORES);
      out.println("Share of test problems solved, by steps of the problem:");
      RowFormat.TABLE.print(session.spark().sql(SCORES.formatted(run)), out);
      out.println();
      if (!withoutReport) {
        out.println("Report:    " + report(session, run));
      }
      whatNext(resolved, out);
    }
    return 0;
  }

  private static Path report(WarehouseSession session, String run) {
    Path page = Path.of("report-" + run + ".html").toAbsolutePath();
    return new ReportJob(session.warehouse(), Clock.systemUTC())
        .run(ReportJob.Request.of(run, page))
        .file();
  }

  private static void whatNext(ResolvedConfig resolved, PrintWriter out) {
    String warehouse = resolved.config().run().warehouse();
    out.println("Warehouse: " + warehouse + " (tables and checkpoints)");
    out.println("Next:");
    String at = warehouse.equals("warehouse") ? "" : " --warehouse " + warehouse;
    out.println("  rephrase sql" + at + " \"SELECT * FROM hard_sample_utilization\"");
    out.println("  rephrase quickstart" + at + " algorithm.preset=grpo run.name=arena-grpo");
    out.println("  rephrase iterate --config conf/chain-sum.conf --dry-run ...   (see README.md)");
  }
}

package io.rephrase.cli;

import io.rephrase.jobs.ReportJob;
import io.rephrase.jobs.WarehouseSession;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes a run's page. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Writes one HTML page on a run that needs nothing else, also while it goes on.",
    footer = {"", "Example:", "  rephrase report --run arena --output arena.html"})
final class ReportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private WarehouseOptions options;

  @Option(names = "--run", paramLabel = "R", required = true, description = "Name of the run.")
  private String run;

  @Option(
      names = "--compare",
      paramLabel = "R",
      split = ",",
      description = "Runs whose curves stand beside it.")
  private List<String> compared = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Default: report-<run>.html in this folder.")
  private @Nullable Path output;

  @Option(names = "--groups", description = "Groups shown in full; default: ${DEFAULT-VALUE}")
  private int groups = ReportJob.DEFAULT_GROUPS;

  @Override
  public Integer call() {
    ReportJob.Request request = request();
    try (WarehouseSession session = WarehouseSession.forReading("report", options.resolve())) {
      ReportJob job = new ReportJob(session.warehouse(), Clock.systemUTC());
      ReportJob.Summary summary = job.run(request);
      spec.commandLine().getOut().println(summary.file());
    }
    return 0;
  }

  private ReportJob.Request request() {
    if (run.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--run must not be blank");
    }
    if (groups < 0) {
      throw new ParameterException(
          spec.commandLine(), "--groups must not be negative, got " + groups);
    }
    Path file = output == null ? Path.of("report-" + run + ".html") : output;
    return new ReportJob.Request(run, compared, file.toAbsolutePath(), groups);
  }
}

package io.rephrase.cli;

import io.rephrase.config.ExperimentConfig;
import io.rephrase.config.ExperimentConfig.PlannedRun;
import io.rephrase.config.ExperimentLoader;
import io.rephrase.jobs.ExperimentJob;
import io.rephrase.jobs.experiment.Comparison;
import io.rephrase.jobs.experiment.Comparison.Contrast;
import io.rephrase.jobs.experiment.Estimate;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Methods times seeds, and their comparison. */
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    description = {
      "Runs methods × seeds, each run in a process and a warehouse of its own "
          + "(WAREHOUSE/NAME-METHOD-SEED), and compares them.",
      "Leaves one page, figures.json and scores.csv. Stopped or killed, the same command goes on "
          + "where it was."
    },
    footer = {
      "",
      "Example:",
      "  rephrase experiment --config conf/experiments/arena.conf run.iterations=10"
    })
final class ExperimentCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "A run's configuration with a section experiment; see conf/experiments.")
  private Path file;

  @Option(
      names = "--warehouse",
      paramLabel = "DIR",
      description = "Folder of the runs' warehouses; the same as run.warehouse=DIR.")
  private @Nullable String warehouse;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Gets the page, the figures and the logs. Default: experiment-NAME.")
  private @Nullable Path output;

  @Option(names = "--dry-run", description = "Prints the grid and writes nothing.")
  private boolean dryRun;

  @Option(names = "--report-only", description = "Compares what there is and runs nothing.")
  private boolean reportOnly;

  @Parameters(paramLabel = "key=value", description = "Values that all runs share.")
  private List<String> words = new ArrayList<>();

  @Override
  public Integer call() {
    List<String> all = new ArrayList<>(words);
    if (warehouse != null) {
      all.add("run.warehouse=" + warehouse);
    }
    ExperimentConfig experiment = ExperimentLoader.load(file, all);
    PrintWriter out = spec.commandLine().getOut();
    if (dryRun) {
      print(experiment, out);
      return 0;
    }
    Path folder = output == null ? Path.of("experiment-" + experiment.settings().name()) : output;
    ExperimentJob job = new ExperimentJob(experiment, folder, Clock.systemUTC());
    try (Interruption stop = Interruption.announcedOn(spec.commandLine().getErr())) {
      List<String> failures = reportOnly ? List.of() : job.run(Progress.onStandardError());
      print(job.compare(), out);
      out.println("Report:  " + folder.toAbsolutePath().resolve("report.html"));
      out.println("Figures: " + folder.toAbsolutePath().resolve("figures.json"));
      failures.forEach(failure -> spec.commandLine().getErr().println("rephrase: " + failure));
      return failures.isEmpty() ? 0 : exitCode(failures);
    }
  }

  private static int exitCode(List<String> failures) {
    boolean mistakes = failures.stream().allMatch(failure -> failure.contains("exit code 2 "));
    return mistakes ? Mistakes.USER : Mistakes.OURS;
  }

  private static void print(ExperimentConfig experiment, PrintWriter out) {
    for (PlannedRun run : experiment.runs()) {
      out.printf("%s  ->  %s%n", run.id(), run.resolved().config().run().warehouse());
    }
    ExperimentConfig.Primary primary = experiment.settings().primary();
    out.printf(
        "primary: %s - %s in %s%n", primary.method(), primary.against(), primary.benchmark());
    out.println("nothing was written");
  }

  private static void print(Comparison comparison, PrintWriter out) {
    long compared = comparison.runs().stream().filter(r -> r.comparedVersion().isPresent()).count();
    out.printf("%d of %d runs are compared%n", compared, comparison.runs().size());
    print("primary", comparison.primary(), out);
    comparison.others().forEach(contrast -> print("exploratory", contrast, out));
  }

  private static void print(String kind, Contrast contrast, PrintWriter out) {
    out.printf(
        "%s: %s - %s, %s: %s%n",
        kind, contrast.method(), contrast.against(), contrast.metric(), words(contrast));
  }

  private static String words(Contrast contrast) {
    Estimate difference = contrast.difference();
    if (difference.count() == 0) {
      return "no seed has both yet";
    }
    String interval =
        difference.low().isEmpty()
            ? "no interval with one pair"
            : String.format(
                Locale.ROOT,
                "95 %% interval %+.3f to %+.3f",
                difference.low().get(),
                difference.high().orElseThrow());
    return String.format(
        Locale.ROOT, "%+.3f (%s; %d pairs)", difference.mean(), interval, difference.count());
  }
}

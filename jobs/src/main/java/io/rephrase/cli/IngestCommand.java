package io.rephrase.cli;

import io.rephrase.ConfigurationException;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.config.SourceConfig;
import io.rephrase.jobs.IngestJob;
import io.rephrase.jobs.IngestSummary;
import io.rephrase.jobs.spark.VerifierGoldCheck;
import io.rephrase.progress.Progress;
import io.rephrase.progress.ProgressStage;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads data from outside. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Reads data.sources into the prompts table; what cannot be used goes to quarantine with its"
          + " reason. Reading the same data again adds nothing."
    },
    footer = {
      "",
      "Example:",
      "  rephrase ingest data.sources.sums.path=sums.jsonl data.sources.sums.verifier=numeric"
    })
final class IngestCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Override
  public Integer call() {
    ResolvedConfig resolved = options.resolve();
    Map<String, SourceConfig> sources = resolved.config().data().sources();
    if (sources.isEmpty()) {
      throw new ConfigurationException(
          "data.sources names nothing to ingest; give data.sources.NAME.path=FILE");
    }
    Progress progress = Progress.onStandardError();
    try (Interruption stop = Interruption.announcedOn(spec.commandLine().getErr());
        WarehouseSession session = WarehouseSession.forWriting("ingest", resolved)) {
      IngestJob job = new IngestJob(session.warehouse(), new VerifierGoldCheck());
      for (Map.Entry<String, SourceConfig> source : new TreeMap<>(sources).entrySet()) {
        try (ProgressStage stage = progress.stage("ingest " + source.getKey(), 0, "records")) {
          IngestSummary summary =
              job.run(resolved.config().run().id(), source.getKey(), source.getValue());
          stage.advance(summary.read());
          print(summary, spec.commandLine().getOut());
        }
      }
    }
    return 0;
  }

  private static void print(IngestSummary summary, PrintWriter out) {
    out.printf(
        "%s: %d read, %d added, %d there already%n",
        summary.dataset(), summary.read(), summary.added(), summary.alreadyThere());
    new TreeMap<>(summary.quarantined())
        .forEach((reason, count) -> out.printf("  %d in quarantine: %s%n", count, reason));
  }
}

package io.rephrase.jobs;

import io.rephrase.config.ExperimentConfig;
import io.rephrase.config.ExperimentConfig.Primary;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.experiment.Comparing;
import io.rephrase.jobs.experiment.Comparison;
import io.rephrase.jobs.experiment.RunFigures;
import io.rephrase.jobs.experiment.RunFigures.Metric;
import io.rephrase.jobs.report.ExperimentPage;
import io.rephrase.jobs.spark.SparkSessions;
import io.rephrase.progress.Progress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * Does an experiment's runs and compares them. The same call again goes on where an earlier one was
 * stopped, and writes the comparison anew.
 */
public final class ExperimentJob {

  private final ExperimentConfig experiment;
  private final Path folder;
  private final Clock clock;

  /**
   * @param folder of this machine that gets the page, the figures, logs and configurations
   */
  public ExperimentJob(ExperimentConfig experiment, Path folder, Clock clock) {
    this.experiment = experiment;
    this.folder = folder.toAbsolutePath();
    this.clock = clock;
  }

  /** Does what is not done. Returns what went wrong, a line a run; empty when nothing did. */
  public List<String> run(Progress progress) {
    return new ExperimentRuns(folder, experiment.settings().parallel(), progress)
        .run(experiment.runs());
  }

  /**
   * Compares what the runs have recorded so far, and writes {@code report.html}, {@code
   * figures.json} and {@code scores.csv}.
   */
  public Comparison compare() {
    List<RunFigures> figures = figures();
    Primary primary = experiment.settings().primary();
    Comparison comparison =
        new Comparing(
                experiment.settings().name(),
                experiment.methods(),
                experiment.settings().seeds(),
                experiment.settings().budgetTokens(),
                new Metric(primary.benchmark(), primary.difficulties()))
            .of(figures, clock.instant());
    ExperimentPage page = new ExperimentPage(comparison);
    TextFile.write(folder.resolve("report.html"), page.html());
    TextFile.write(folder.resolve("figures.json"), page.json());
    TextFile.write(folder.resolve("scores.csv"), String.join("\n", scores(figures)) + "\n");
    return comparison;
  }

  private List<RunFigures> figures() {
    ResolvedConfig first = experiment.runs().get(0).resolved();
    SparkSession session =
        SparkSessions.open(WarehouseSession.settings("experiment", first.config()));
    try {
      SparkSessions.expectSmallPlans(session);
      ExperimentFigures reader = new ExperimentFigures(session);
      return experiment.runs().stream().map(reader::of).toList();
    } finally {
      session.stop();
    }
  }

  private List<String> scores(List<RunFigures> figures) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "run_id,method,seed,policy_version,sampled_tokens,compared,benchmark,difficulty,mean_reward,answers");
    long budget = experiment.settings().budgetTokens();
    for (RunFigures run : figures) {
      int compared = run.comparedVersion(budget).orElse(-1);
      for (RunFigures.Score score : run.scores()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s,%s,%d,%d,%d,%b,%s,%s,%s,%d",
                run.runId(),
                run.method(),
                run.seed(),
                score.policyVersion(),
                run.tokensOf(score.policyVersion()),
                score.policyVersion() == compared,
                score.benchmark(),
                score.difficulty().map(String::valueOf).orElse(""),
                score.reward(),
                score.answers()));
      }
    }
    return lines;
  }
}

package io.rephrase.jobs;

import io.rephrase.jobs.report.GroupView;
import io.rephrase.jobs.report.Headlines;
import io.rephrase.jobs.report.ReportData;
import io.rephrase.jobs.report.ReportData.Series;
import io.rephrase.jobs.report.ReportPage;
import io.rephrase.jobs.spark.SparkSessions;
import io.rephrase.jobs.table.Warehouse;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the report of a run as one HTML page, from tables and views alone. It may be called while
 * the run goes on, and again: the page is replaced as a whole. What is not recorded yet leaves a
 * panel that says so.
 */
public final class ReportJob {

  private static final Logger log = LoggerFactory.getLogger(ReportJob.class);

  /** Groups shown at most, unless the caller says otherwise. */
  public static final int DEFAULT_GROUPS = 400;

  /**
   * What to report on.
   *
   * @param runId the run
   * @param comparedRuns runs whose curves stand beside it, in order; may be empty
   * @param file local path of the page; folders are made, an older page is replaced
   * @param maxGroups groups shown in full at most
   */
  public record Request(String runId, List<String> comparedRuns, Path file, int maxGroups) {
    public Request {
      comparedRuns = List.copyOf(comparedRuns);
      if (runId.isBlank()) {
        throw new IllegalArgumentException("runId must not be blank, got \"" + runId + "\"");
      }
      if (maxGroups < 0) {
        throw new IllegalArgumentException("maxGroups must not be negative, got " + maxGroups);
      }
    }

    /** A run alone, with the default number of groups. */
    public static Request of(String runId, Path file) {
      return new Request(runId, List.of(), file, DEFAULT_GROUPS);
    }
  }

  /**
   * What was written.
   *
   * @param file the page
   * @param bytes its size
   * @param groups shown in full
   */
  public record Summary(Path file, long bytes, int groups) {}

  private final Warehouse warehouse;
  private final Clock clock;

  public ReportJob(Warehouse warehouse, Clock clock) {
    this.warehouse = warehouse;
    this.clock = clock;
  }

  /**
   * Writes the page.
   *
   * @throws io.rephrase.InputException if a run is not in the warehouse; the message lists those
   *     that are
   * @throws UncheckedIOException if the page cannot be written
   */
  public Summary run(Request request) {
    SparkSessions.expectSmallPlans(warehouse.session());
    warehouse.registerViews();
    ReportData data = collect(request);
    long bytes = TextFile.write(request.file(), new ReportPage().render(data));
    log.info(
        "report run={} file={} bytes={} groups={}",
        request.runId(),
        request.file(),
        bytes,
        data.groups().size());
    return new Summary(request.file(), bytes, data.groups().size());
  }

  private ReportData collect(Request request) {
    ReportRuns runs = new ReportRuns(warehouse);
    ReportRuns.Recorded own = runs.recorded(request.runId());
    ReportCurves curves = new ReportCurves(warehouse.session());
    List<Series> series = new ArrayList<>();
    series.add(curves.of(own.run().runId(), own.run().preset()));
    Set<String> compared = new LinkedHashSet<>(request.comparedRuns());
    compared.remove(request.runId());
    for (String runId : compared) {
      ReportData.Run other = runs.recorded(runId).run();
      series.add(curves.of(other.runId(), other.preset()));
    }
    ReportGroups groups = new ReportGroups(warehouse.session());
    List<GroupView> shown = groups.choose(request.runId(), request.maxGroups());
    return new ReportData(
        clock.instant(),
        own.run(),
        Headlines.of(series.get(0)),
        series,
        own.delta(),
        own.rho(),
        shown,
        groups.selection(request.runId(), shown.size()),
        own.configuration());
  }
}

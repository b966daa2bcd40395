package io.rephrase.jobs.report;

import java.util.List;

/**
 * Writes {@link ReportData} as one HTML page: style, scripts, chart library and data all inside, no
 * request to anywhere. Stateless and thread-safe.
 */
public final class ReportPage {

  private static final PageTemplate TEMPLATE =
      new PageTemplate(
          "page.html", List.of("dom.js", "charts.js", "curves.js", "groups.js", "page.js"));

  /** The page as text, to be stored as UTF-8. */
  public String render(ReportData data) {
    return TEMPLATE.render("Run " + data.run().runId(), data);
  }
}

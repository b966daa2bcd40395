package io.rephrase.jobs.report;

import io.rephrase.jobs.experiment.Comparison;
import java.util.List;

/**
 * Writes an experiment's {@link Comparison} as one HTML page that needs nothing else, and as JSON.
 *
 * @param comparison what it shows
 */
public record ExperimentPage(Comparison comparison) {

  private static final PageTemplate TEMPLATE =
      new PageTemplate("experiment.html", List.of("dom.js", "charts.js", "experiment.js"));

  /** The page as text, to be stored as UTF-8. */
  public String html() {
    return TEMPLATE.render("Experiment " + comparison.name(), comparison);
  }

  /** The same figures: names in snake case, what is not known null. */
  public String json() {
    return PageJson.of(comparison);
  }
}

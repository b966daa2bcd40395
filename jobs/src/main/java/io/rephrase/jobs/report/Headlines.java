package io.rephrase.jobs.report;

import io.rephrase.data.Difficulties;
import io.rephrase.jobs.report.ReportData.Accuracy;
import io.rephrase.jobs.report.ReportData.Headline;
import io.rephrase.jobs.report.ReportData.Iteration;
import io.rephrase.jobs.report.ReportData.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The numbers of a run that are read first. Stateless and thread-safe. */
public final class Headlines {

  private Headlines() {}

  /** Headlines of {@code series}; those whose numbers are not recorded yet are left out. */
  public static List<Headline> of(Series series) {
    List<Headline> headlines = new ArrayList<>();
    addAccuracies(series.accuracy(), headlines);
    if (!series.iterations().isEmpty()) {
      addGuidance(series.iterations(), headlines);
      long sampled = sum(series.iterations(), i -> i.rolloutTokens() + i.attemptTokens());
      headlines.add(
          new Headline(
              "Sampled tokens",
              "%,d".formatted(sampled),
              "rollouts and rephrasings, evaluation apart"));
    }
    return headlines;
  }

  private static void addAccuracies(List<Accuracy> accuracy, List<Headline> headlines) {
    if (accuracy.isEmpty()) {
      return;
    }
    IntSummaryStatistics versions =
        accuracy.stream().mapToInt(Accuracy::policyVersion).summaryStatistics();
    String note = "greedy or sampled as evaluated, policy %d to %d";
    note = note.formatted(versions.getMin(), versions.getMax());
    headlines.add(new Headline("Accuracy, all problems", change(accuracy, versions), note));
    Optional<Double> hardest =
        accuracy.stream().flatMap(a -> a.difficulty().stream()).max(Comparator.naturalOrder());
    hardest.ifPresent(
        level -> {
          List<Accuracy> top =
              accuracy.stream().filter(a -> a.difficulty().equals(hardest)).toList();
          headlines.add(
              new Headline(
                  String.format(Locale.ROOT, "Accuracy, difficulty %s", Difficulties.name(level)),
                  change(top, versions),
                  "the hardest level of the benchmark"));
        });
  }

  private static void addGuidance(List<Iteration> iterations, List<Headline> headlines) {
    long groups = sum(iterations, Iteration::groups);
    long hard = sum(iterations, Iteration::hard);
    long guided = sum(iterations, Iteration::bySubstitution);
    long lucky = sum(iterations, Iteration::byLuck);
    headlines.add(
        new Headline(
            "Hard groups used",
            "%d of %d".formatted(guided + lucky, hard),
            "%d by substitution, %d by luck".formatted(guided, lucky)));
    headlines.add(
        new Headline(
            "Substituted groups",
            "%d of %d".formatted(sum(iterations, Iteration::substituted), groups),
            "a verified solution took the place of the worst rollout"));
    long attempts = sum(iterations, Iteration::attempts);
    if (attempts > 0) {
      headlines.add(
          new Headline(
              "Rephrasings accepted",
              "%d of %d".formatted(sum(iterations, Iteration::accepted), attempts),
              "the others were rejected, each with its reason"));
    }
  }

  private static String change(List<Accuracy> accuracy, IntSummaryStatistics versions) {
    String first = percent(mean(accuracy, versions.getMin()));
    String last = percent(mean(accuracy, versions.getMax()));
    return (versions.getMin() == versions.getMax() ? first : first + " → " + last) + " %";
  }

  private static double mean(List<Accuracy> accuracy, int version) {
    double sum = 0;
    long answers = 0;
    for (Accuracy each : accuracy) {
      if (each.policyVersion() == version) {
        sum += each.meanReward() * each.answers();
        answers += each.answers();
      }
    }
    return sum / answers;
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  private static long sum(List<Iteration> iterations, ToLongFunction<Iteration> value) {
    return iterations.stream().mapToLong(value).sum();
  }
}

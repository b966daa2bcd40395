package io.rephrase.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was found of one benchmark in one data set.
 *
 * @param dataset of training prompts
 * @param benchmark by name
 * @param prompts compared
 * @param overlappingPrompts those that overlap with any problem
 * @param problems of the benchmark
 * @param overlappingProblems those that overlap with any prompt
 */
record ContaminationSummary(
    String dataset,
    String benchmark,
    long prompts,
    long overlappingPrompts,
    long problems,
    long overlappingProblems) {

  /** All as a table for people, columns in line, with a header. */
  static List<String> table(List<ContaminationSummary> summaries) {
    int first = width(summaries.stream().map(ContaminationSummary::dataset).toList(), "data set");
    int second =
        width(summaries.stream().map(ContaminationSummary::benchmark).toList(), "benchmark");
    String format = "%-" + first + "s  %-" + second + "s  %10s  %11s  %8s  %11s  %7s";
    List<String> lines = new ArrayList<>();
    lines.add(
        format.formatted(
            "data set", "benchmark", "prompts", "overlapping", "problems", "overlapping", "share"));
    for (ContaminationSummary one : summaries) {
      lines.add(
          format.formatted(
              one.dataset,
              one.benchmark,
              one.prompts,
              one.overlappingPrompts,
              one.problems,
              one.overlappingProblems,
              String.format(
                  Locale.ROOT, "%.2f %%", 100.0 * one.overlappingProblems / one.problems)));
    }
    return lines;
  }

  private static int width(List<String> cells, String header) {
    return cells.stream().mapToInt(String::length).reduce(header.length(), Math::max);
  }
}

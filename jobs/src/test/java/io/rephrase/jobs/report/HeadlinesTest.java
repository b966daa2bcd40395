package io.rephrase.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.rephrase.jobs.report.ReportData.Accuracy;
import io.rephrase.jobs.report.ReportData.Headline;
import io.rephrase.jobs.report.ReportData.Iteration;
import io.rephrase.jobs.report.ReportData.Series;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadlinesTest {

  @Test
  void accuracyGoesFromTheFirstPolicyToTheLastAndNamesTheHardestLevel() {
    // All: (0.9*10 + 0.1*30)/40 = 0.3 at first, (1.0*10 + 0.6*30)/40 = 0.7 at last.
    List<Accuracy> accuracy =
        List.of(
            accuracy(0, 1, 0.9, 10),
            accuracy(0, 4, 0.1, 30),
            accuracy(2, 1, 1.0, 10),
            accuracy(2, 4, 0.6, 30));

    List<Headline> headlines =
        Headlines.of(new Series("r", "repo", accuracy, List.of(), List.of(), Map.of()));

    assertThat(headlines)
        .extracting(Headline::label, Headline::value)
        .containsExactly(
            tuple("Accuracy, all problems", "30.0 → 70.0 %"),
            tuple("Accuracy, difficulty 4", "10.0 → 60.0 %"));
  }

  @Test
  void hardGroupsAreCountedOverCounts() {
    // Two iterations alike: 2*(5+1) used of 2*8 hard; 2*6 of 2*10 substituted; 2*(100+20) tokens.
    List<Headline> headlines =
        Headlines.of(
            new Series(
                "r", "repo", List.of(), List.of(), List.of(iteration(0), iteration(1)), Map.of()));

    assertThat(headlines)
        .extracting(Headline::value)
        .containsExactly("12 of 16", "12 of 20", "12 of 14", "240");
    assertThat(headlines.get(0).note()).isEqualTo("10 by substitution, 2 by luck");
  }

  @Test
  void nothingRecordedGivesNoHeadline() {
    assertThat(Headlines.of(new Series("r", "repo", List.of(), List.of(), List.of(), Map.of())))
        .isEmpty();
  }

  private static Accuracy accuracy(int version, double level, double mean, long answers) {
    return new Accuracy(version, "arena", Optional.of(level), mean, answers);
  }

  private static Iteration iteration(int index) {
    return new Iteration(
        index, 10, 8, 6, 5, 1, 2, 0.3, 0.4, 80, 4, 100, 7, 6, 20, Map.of("wrong", 1L), Map.of());
  }
}

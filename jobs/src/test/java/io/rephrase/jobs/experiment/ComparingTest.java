package io.rephrase.jobs.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.jobs.experiment.Comparison.Contrast;
import io.rephrase.jobs.experiment.Comparison.Pair;
import io.rephrase.jobs.experiment.RunFigures.Iteration;
import io.rephrase.jobs.experiment.RunFigures.Metric;
import io.rephrase.jobs.experiment.RunFigures.Score;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparingTest {

  private static final Metric HARD = new Metric("b", List.of(4.0, 5.0));

  @Test
  void anIntervalIsStudents() {
    // 1, 2, 3: mean 2, s = 1, s / sqrt(3) = 0.57735, t(0.975; 2) = 4.302653: half 2.484138
    Estimate estimate = Estimate.of(1, 2, 3);
    assertThat(estimate.mean()).isEqualTo(2);
    assertThat(estimate.low().orElseThrow()).isCloseTo(2 - 2.484138, within(1e-6));
    assertThat(estimate.high().orElseThrow()).isCloseTo(2 + 2.484138, within(1e-6));
    assertThat(Estimate.of(7).low()).isEmpty();
    assertThat(Estimate.of().mean()).isNaN();
  }

  @Test
  void aPValueIsTwoSidedAndNeedsSpread() {
    // t = 2 / 0.57735 = 3.4641 with 2 degrees: P(T > t) = (1 - t / sqrt(t^2 + 2)) / 2, twice:
    // 0.074180
    assertThat(Estimate.pValue(1, 2, 3).orElseThrow()).isCloseTo(0.074180, within(1e-6));
    assertThat(Estimate.pValue(-1, -2, -3).orElseThrow()).isCloseTo(0.074180, within(1e-6));
    assertThat(Estimate.pValue(2, 2, 2)).isEmpty();
    assertThat(Estimate.pValue(2)).isEmpty();
    // .03 twice, but for the last bits
    assertThat(Estimate.pValue(0.53 - 0.50, 0.43 - 0.40)).isEmpty();
  }

  @Test
  void theContrastIsPairedBySeedAndLeavesOutWhatHasNoPair() {
    // Seed 1: (.4 + .2) / 2 - (.2 + .2) / 2 = .1; seed 2: .3 - .0 = .3; seed 3 has no grpo.
    Comparison comparison =
        comparing(0)
            .of(
                List.of(
                    run("repo", 1, 0.4, 0.2),
                    run("grpo", 1, 0.2, 0.2),
                    run("repo", 2, 0.3, 0.3),
                    run("grpo", 2, 0.0, 0.0),
                    run("repo", 3, 0.9, 0.9),
                    RunFigures.notStarted("x-grpo-3", "grpo", 3, 2)),
                Instant.EPOCH);

    Contrast primary = comparison.primary();
    assertThat(primary.metric()).isEqualTo("mean accuracy over difficulties 4, 5 of b");
    assertThat(primary.pairs()).extracting(Pair::seed).containsExactly(1L, 2L);
    assertThat(primary.difference().mean()).isCloseTo(0.2, within(1e-12));
    // Differences .1 and .3: s / sqrt(2) = .1, t(0.975; 1) = 12.706205
    assertThat(primary.difference().high().orElseThrow()).isCloseTo(0.2 + 1.2706205, within(1e-6));
    assertThat(comparison.runs().get(5).comparedVersion()).isEmpty();
    assertThat(comparison.costs().get(0).sampledTokens().mean()).isEqualTo(200);
    assertThat(comparison.levels().get(0).accuracies().get(0).bySeed())
        .containsExactly(0.4, 0.3, 0.9);
  }

  @Test
  void aBudgetTakesTheLastPolicyThatCostNoMore() {
    RunFigures run = run("repo", 1, 0.4, 0.2); // 100 sampled tokens an iteration
    assertThat(run.comparedVersion(0)).hasValue(2);
    assertThat(run.comparedVersion(99)).hasValue(0);
    assertThat(run.comparedVersion(100)).hasValue(1);
    assertThat(run.comparedVersion(199)).hasValue(1);
    assertThat(run.comparedVersion(1000)).hasValue(2);
  }

  @Test
  void anUnfinishedRunIsNotComparedBeforeItHasSpentTheBudget() {
    RunFigures whole = run("repo", 1, 0.4, 0.2);
    RunFigures half =
        new RunFigures(
            "r", "repo", 1, "planned", 3, whole.scores(), whole.iterations()); // third to come
    assertThat(half.comparedVersion(0)).isEmpty();
    assertThat(half.comparedVersion(250)).isEmpty();
    assertThat(half.comparedVersion(150)).hasValue(1);
  }

  @Test
  void aRunThatWentOnIsComparedAtTheLastPolicyThatIsPlanned() {
    RunFigures further = planned(run("repo", 1, 0.4, 0.2), "finished", 1);
    assertThat(further.comparedVersion(0)).hasValue(1);
    assertThat(further.comparedVersion(1000)).hasValue(1);
  }

  @Test
  void aRunWhoseLastEvaluationFailedIsNotCompared() {
    assertThat(planned(run("repo", 1, 0.4, 0.2), "failed", 2).comparedVersion(0)).isEmpty();
  }

  private static RunFigures planned(RunFigures run, String status, int iterations) {
    return new RunFigures("r", "repo", 1, status, iterations, run.scores(), run.iterations());
  }

  @Test
  void holmStepsDownAndNeverFalls() {
    // p .01, .04, .03 of three: .01 * 3 = .03; .03 * 2 = .06; .04 * 1 = .04, raised to .06
    List<Contrast> corrected = Comparing.holm(List.of(tested(0.01), tested(0.04), tested(0.03)));
    assertThat(corrected.get(0).holm().orElseThrow()).isCloseTo(0.03, within(1e-12));
    assertThat(corrected.get(1).holm().orElseThrow()).isCloseTo(0.06, within(1e-12));
    assertThat(corrected.get(2).holm().orElseThrow()).isCloseTo(0.06, within(1e-12));
  }

  @Test
  void aContrastWithoutAPValueIsOneOfThoseThatWereTried() {
    Contrast tie =
        new Contrast(
            "repo",
            "tied",
            "accuracy",
            Estimate.of(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    List<Contrast> corrected = Comparing.holm(List.of(tested(0.01), tie));
    assertThat(corrected.get(0).holm().orElseThrow()).isCloseTo(0.02, within(1e-12));
    assertThat(corrected.get(1).holm()).isEmpty();
  }

  @Test
  void allProblemsCountAlikeWhereNoLevelIsNamed() {
    // Level 4: 10 answers of .4; level 5: 30 answers of .2: (4 + 6) / 40 = .25, not .3
    RunFigures run = run("repo", 1, 0.4, 0.2);
    assertThat(run.accuracy(2, new Metric("b", List.of())).orElseThrow())
        .isCloseTo(0.25, within(1e-12));
    assertThat(run.accuracy(2, HARD).orElseThrow()).isCloseTo(0.3, within(1e-12));
    assertThat(run.accuracy(2, new Metric("b", List.of(4.0, 9.0)))).isEmpty();
  }

  private static Comparing comparing(long budget) {
    return new Comparing("x", List.of("repo", "grpo"), List.of(1L, 2L, 3L), budget, HARD);
  }

  private static Contrast tested(double pValue) {
    return new Contrast(
        "repo",
        "p" + pValue,
        "m",
        Estimate.of(1, 2),
        Optional.of(pValue),
        Optional.empty(),
        List.of());
  }

  /** Two iterations of 100 sampled tokens; policies 0, 1 and 2 evaluated, the last as given. */
  private static RunFigures run(String method, long seed, double four, double five) {
    List<Score> scores = new ArrayList<>();
    for (int version = 0; version <= 2; version++) {
      scores.add(new Score(version, "b", Optional.of(4.0), version == 2 ? four : 0, 10));
      scores.add(new Score(version, "b", Optional.of(5.0), version == 2 ? five : 0, 30));
    }
    List<Iteration> iterations =
        List.of(
            new Iteration(0, 100, 80, 1, 2.5, 3, Map.of("entropy", 0.5)),
            new Iteration(1, 100, 80, 1, 2.5, 3, Map.of("entropy", 0.4)));
    String id = "x-%s-%d".formatted(method, seed);
    return new RunFigures(id, method, seed, "finished", 2, scores, iterations);
  }
}

package io.rephrase.jobs.report;

import io.rephrase.jobs.report.GroupView.Answer;
import io.rephrase.jobs.report.GroupView.Attempt;
import io.rephrase.jobs.report.GroupView.Decision;
import io.rephrase.jobs.report.ReportData.Accuracy;
import io.rephrase.jobs.report.ReportData.BenchmarkScore;
import io.rephrase.jobs.report.ReportData.ConfiguredValue;
import io.rephrase.jobs.report.ReportData.Headline;
import io.rephrase.jobs.report.ReportData.Iteration;
import io.rephrase.jobs.report.ReportData.Run;
import io.rephrase.jobs.report.ReportData.Selection;
import io.rephrase.jobs.report.ReportData.Series;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Made-up runs that look like real ones. */
final class SampleReports {

  private static final int ITERATIONS = 20;
  private static final Instant START = Instant.parse("2026-01-05T09:12:00Z");

  private SampleReports() {}

  /** A run of twenty iterations on six difficulties, as it should go. */
  static ReportData arena() {
    return report(List.of(series("arena", "repo", 1.0)), groups("So 7 + 5 = 12 and 12 - 3 = 9."));
  }

  /** The same beside a run that never opens the hard levels. */
  static ReportData compared() {
    return report(
        List.of(series("arena", "repo", 1.0), series("arena-grpo", "grpo", 0.3)),
        groups("So 7 + 5 = 12 and 12 - 3 = 9."));
  }

  /** A run that has begun and recorded nothing else. */
  static ReportData empty() {
    Series nothing = new Series("arena", "repo", List.of(), List.of(), List.of(), Map.of());
    Selection none = new Selection(0, 0, 0, "no group has been recorded yet");
    return new ReportData(
        START, run("arena"), List.of(), List.of(nothing), 0.5, 0.75, List.of(), none, List.of());
  }

  /** {@code payload} stands wherever a person, a data set or a model could have written it. */
  static ReportData hostile(String payload) {
    Series series =
        new Series(
            payload,
            payload,
            List.of(new Accuracy(0, payload, Optional.of(1.0), 0.5, 10)),
            List.of(new BenchmarkScore(0, payload, payload, payload, 0.5, 0.4, 0.6, 10)),
            List.of(iteration(0, 1.0, Map.of(payload, 3L), Map.of(payload, 2.0))),
            Map.of("entropy", new double[] {1.0, Double.NaN}, payload, new double[] {1.0, 2.0}));
    Run run =
        new Run(
            payload,
            payload,
            payload,
            payload,
            START,
            START,
            1,
            payload,
            payload,
            Optional.of(payload));
    return new ReportData(
        START,
        run,
        List.of(new Headline(payload, payload, payload)),
        List.of(series, series),
        0.5,
        0.75,
        List.of(hostileGroup(payload)),
        new Selection(1, 1, 1, payload),
        List.of(new ConfiguredValue(payload, payload, payload)));
  }

  private static GroupView hostileGroup(String payload) {
    Answer answer =
        new Answer(
            0,
            payload,
            3,
            payload,
            Optional.of(0.0),
            Optional.of(payload),
            Optional.of(payload),
            Optional.of(payload),
            Optional.of(payload));
    Attempt attempt =
        new Attempt(
            answer,
            payload + " raw",
            false,
            Optional.of(payload),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Decision decision =
        new Decision(
            1.0,
            1,
            true,
            payload,
            Optional.of(0),
            Optional.of(0),
            true,
            false,
            payload,
            payload,
            new double[] {0},
            new double[] {0},
            new double[] {0});
    return new GroupView(
        0,
        payload,
        payload,
        0,
        Optional.of(2.0),
        payload,
        payload,
        payload,
        Optional.of(payload),
        Optional.of(payload),
        List.of(answer),
        List.of(attempt),
        Optional.of(decision));
  }

  static ReportData report(List<Series> series, List<GroupView> groups) {
    return new ReportData(
        START.plusSeconds(900),
        run("arena"),
        Headlines.of(series.get(0)),
        series,
        0.5,
        0.75,
        groups,
        new Selection(
            640,
            214,
            groups.size(),
            "all substituted groups first, then hard ones, then others, in a fixed order"),
        configuration());
  }

  private static Run run(String runId) {
    return new Run(
        runId,
        "finished",
        "repo",
        "embedded",
        START,
        START.plusSeconds(271),
        ITERATIONS,
        "0.1.0-SNAPSHOT",
        "9f2c51d07a6be0c3d4",
        Optional.empty());
  }

  private static List<ConfiguredValue> configuration() {
    return List.of(
        new ConfiguredValue("algorithm.preset", "\"repo\"", "default"),
        new ConfiguredValue("guidance.delta", "0.5", "default"),
        new ConfiguredValue("guidance.rho", "0.75", "default"),
        new ConfiguredValue("rollout.maxTokens", "72", "this run; the default is 512"),
        new ConfiguredValue("run.seed", "1", "this run; the default is 0"));
  }

  static Series series(String runId, String preset, double speed) {
    List<Accuracy> accuracy = new ArrayList<>();
    List<BenchmarkScore> scores = new ArrayList<>();
    for (int version = 0; version <= ITERATIONS; version++) {
      double all = Math.min(0.9, 0.3 + 0.03 * speed * version);
      scores.add(
          new BenchmarkScore(version, "arena", "all", "pass@1", all, all - 0.04, all + 0.04, 600));
      for (int level = 1; level <= 6; level++) {
        double grown = 1 / (1 + Math.exp(-(speed * version * 0.42 - (level - 2.4) * 1.9)));
        double wobble = 0.02 * Math.sin(version * 2.7 + level);
        double score = Math.max(0, Math.min(1, grown + wobble));
        accuracy.add(new Accuracy(version, "arena", Optional.of((double) level), score, 100));
        scores.add(
            new BenchmarkScore(
                version,
                "arena",
                "difficulty " + level,
                "pass@1",
                score,
                Math.max(0, score - 0.1),
                Math.min(1, score + 0.1),
                100));
      }
    }
    List<Iteration> iterations = new ArrayList<>();
    for (int i = 0; i < ITERATIONS; i++) {
      Map<String, Long> rejections =
          Map.of("wrong", 3L + i % 4, "copy", (long) (i % 3), "no-reasoning", (long) (i % 2));
      Map<String, Double> seconds =
          Map.of(
              "rollout",
              4.1 + i * 0.03,
              "rephrase",
              1.2,
              "guidance",
              0.6,
              "train",
              3.9,
              "evaluate",
              2.2);
      iterations.add(iteration(i, preset.equals("repo") ? 1 : 0, rejections, seconds));
    }
    return new Series(runId, preset, accuracy, scores, iterations, steps(speed));
  }

  private static Iteration iteration(
      int i, double guided, Map<String, Long> rejections, Map<String, Double> seconds) {
    long hard = 20 - i * 2 / 3;
    long substituted = Math.round(guided * hard * 0.8);
    double mean = 0.32 + 0.025 * i;
    return new Iteration(
        i,
        32,
        hard,
        substituted,
        substituted,
        hard / 8,
        12 - i / 4,
        mean,
        mean + guided * substituted / 256.0,
        256,
        9 - i / 3,
        256L * (34 + i / 4),
        guided > 0 ? hard : 0,
        substituted,
        guided > 0 ? hard * 36 : 0,
        guided > 0 ? rejections : Map.of(),
        seconds);
  }

  private static Map<String, double[]> steps(double speed) {
    double[] index = new double[ITERATIONS];
    Arrays.setAll(index, i -> i);
    Map<String, double[]> steps = new TreeMap<>();
    steps.put("step", index);
    steps.put("entropy", map(index, i -> 0.21 * Math.exp(-0.05 * speed * i) + 0.01 * Math.sin(i)));
    steps.put("entropy_substituted", map(index, i -> 0.3 * Math.exp(-0.06 * speed * i)));
    steps.put("gradient_norm", map(index, i -> 0.8 + 0.3 * Math.sin(1.7 * i)));
    steps.put("approximate_kl", map(index, i -> 1e-4 * (1 + Math.cos(i))));
    steps.put("kl_reference", map(index, i -> Double.NaN));
    steps.put("clip_fraction_low", map(index, i -> 0.001 * (i % 3)));
    steps.put("clip_fraction_high", map(index, i -> 0.002 * (i % 4)));
    steps.put("perplexity_under_q", map(index, i -> 3.1 - 0.05 * i));
    return steps;
  }

  private static double[] map(double[] values, java.util.function.DoubleUnaryOperator function) {
    return Arrays.stream(values).map(function).toArray();
  }

  static List<GroupView> groups(String kept) {
    List<GroupView> groups = new ArrayList<>();
    for (int i = 0; i < 36; i++) {
      groups.add(group(i, kept));
    }
    return groups;
  }

  /** Seven of eight failed: gamma is 7/8, and rollout 0, the first of the lowest, is replaced. */
  private static GroupView group(int i, String kept) {
    boolean substituted = i % 3 != 2;
    List<Answer> rollouts = new ArrayList<>();
    for (int sample = 0; sample < 8; sample++) {
      boolean right = sample == 5;
      String text =
          right
              ? "7+5=12. 12-3=9. The answer is 9"
              : "7+5=1" + sample + ". The answer is 1" + sample;
      rollouts.add(
          answer(
              sample,
              text,
              sample == 6 ? "length" : "eos",
              right ? 1 : 0,
              right ? "9" : "1" + sample));
    }
    String raw =
        "Sure! Here is the solution in my own words:\n\n"
            + kept
            + "\nI hope this helps with the task.";
    Attempt first =
        new Attempt(
            answer(0, substituted ? kept : "The answer is 9.", "eos", 1, "9"),
            substituted ? raw : "The answer is 9.",
            substituted,
            substituted ? Optional.empty() : Optional.of("no-reasoning"),
            Optional.of(0.12),
            Optional.of(6),
            Optional.of(substituted ? 1.0 : 0.0));
    double[] rewards = {0, 0, 0, 0, 0, 1, 0, 0};
    double[] after = {substituted ? 1 : 0, 0, 0, 0, 0, 1, 0, 0};
    // Golden values of 8 members, 2 and 1 successes, sample deviation, epsilon 1e-6.
    double high = substituted ? 1.620182 : 2.474867;
    double low = substituted ? -0.540061 : -0.353552;
    double[] advantages = Arrays.stream(after).map(reward -> reward > 0 ? high : low).toArray();
    Decision decision =
        new Decision(
            0.875,
            8,
            true,
            substituted ? "rephrased" : "none",
            substituted ? Optional.of(0) : Optional.empty(),
            substituted ? Optional.of(0) : Optional.empty(),
            false,
            false,
            substituted ? "substituted" : "no-accepted-rephrasing",
            "inline",
            rewards,
            after,
            advantages);
    return new GroupView(
        i / 3,
        "arena",
        "p" + i,
        0,
        Optional.of(1.0 + i % 6),
        "Compute 7 + 5 - 3, one step after the other, and give the result after \"The answer is\".",
        "9",
        "math",
        Optional.of("First add: 7 + 5 makes 12. Then take away: 12 - 3 leaves 9. The answer is 9."),
        Optional.of("expert"),
        rollouts,
        List.of(first),
        Optional.of(decision));
  }

  private static Answer answer(int index, String text, String finish, double reward, String found) {
    return new Answer(
        index,
        text,
        12 + text.length() / 3,
        finish,
        Optional.of(reward),
        Optional.of(found),
        Optional.of("the-answer-is"),
        Optional.of(reward > 0 ? "correct" : "wrong"),
        Optional.empty());
  }
}

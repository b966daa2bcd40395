package io.rephrase.jobs.experiment;

import io.rephrase.jobs.experiment.Comparison.Accuracy;
import io.rephrase.jobs.experiment.Comparison.Contrast;
import io.rephrase.jobs.experiment.Comparison.Cost;
import io.rephrase.jobs.experiment.Comparison.Curve;
import io.rephrase.jobs.experiment.Comparison.Level;
import io.rephrase.jobs.experiment.Comparison.Pair;
import io.rephrase.jobs.experiment.Comparison.Point;
import io.rephrase.jobs.experiment.Comparison.Run;
import io.rephrase.jobs.experiment.RunFigures.Iteration;
import io.rephrase.jobs.experiment.RunFigures.Metric;
import io.rephrase.jobs.experiment.RunFigures.Score;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Computes a {@link Comparison} from what the runs recorded: means over seeds with Student's t,
 * differences paired by seed, Holm's correction over the exploratory ones. A run that has not come
 * to the compared policy counts nowhere in tables and contrasts, and is listed.
 *
 * @param name of the experiment
 * @param methods the primary contrast's two first
 * @param seeds of the grid
 * @param budgetTokens sampled tokens that runs are compared at; 0: their final policies
 * @param metric of the contrasts
 */
public record Comparing(
    String name, List<String> methods, List<Long> seeds, long budgetTokens, Metric metric) {

  private static final DecimalFormatSymbols POINT = DecimalFormatSymbols.getInstance(Locale.ROOT);

  public Comparing {
    methods = List.copyOf(methods);
    seeds = List.copyOf(seeds);
    if (methods.size() < 2) {
      throw new IllegalArgumentException("methods must be at least two, got " + methods);
    }
  }

  /** The comparison of {@code runs} at the instant {@code now}. */
  public Comparison of(List<RunFigures> runs, Instant now) {
    String first = methods.get(0);
    List<Contrast> others =
        methods.stream().skip(2).map(other -> contrast(runs, first, other)).toList();
    return new Comparison(
        now,
        name,
        methods,
        seeds,
        budgetTokens,
        contrast(runs, first, methods.get(1)),
        holm(others),
        levels(runs),
        methods.stream().map(method -> cost(method, runs)).toList(),
        learning(runs),
        stability(runs),
        runs.stream().map(this::row).toList());
  }

  private Contrast contrast(List<RunFigures> runs, String method, String against) {
    List<Pair> pairs = pairs(runs, method, against, metric);
    double[] differences = pairs.stream().mapToDouble(Pair::difference).toArray();
    return new Contrast(
        method,
        against,
        words(metric),
        Estimate.of(differences),
        boxed(Estimate.pValue(differences)),
        Optional.empty(),
        pairs);
  }

  private List<Pair> pairs(List<RunFigures> runs, String method, String against, Metric of) {
    List<Pair> pairs = new ArrayList<>();
    for (long seed : seeds) {
      OptionalDouble left = value(runs, method, seed, of);
      OptionalDouble right = value(runs, against, seed, of);
      if (left.isPresent() && right.isPresent()) {
        pairs.add(new Pair(seed, left.getAsDouble(), right.getAsDouble()));
      }
    }
    return pairs;
  }

  private OptionalDouble value(List<RunFigures> runs, String method, long seed, Metric of) {
    return runs.stream()
        .filter(run -> run.method().equals(method) && run.seed() == seed)
        .findFirst()
        .map(run -> compared(run, of))
        .orElse(OptionalDouble.empty());
  }

  private OptionalDouble compared(RunFigures run, Metric of) {
    OptionalInt version = run.comparedVersion(budgetTokens);
    return version.isPresent() ? run.accuracy(version.getAsInt(), of) : OptionalDouble.empty();
  }

  private static String words(Metric metric) {
    List<String> levels =
        metric.difficulties().stream()
            .map(level -> new DecimalFormat("0.###", POINT).format(level))
            .toList();
    return switch (levels.size()) {
      case 0 -> "accuracy over all problems of " + metric.benchmark();
      case 1 -> "accuracy at difficulty %s of %s".formatted(levels.get(0), metric.benchmark());
      default ->
          "mean accuracy over difficulties %s of %s"
              .formatted(String.join(", ", levels), metric.benchmark());
    };
  }

  /**
   * Step-down: the smallest of m p-values times m, the next times m - 1, never falling. Contrasts
   * without a p-value count among the m.
   */
  static List<Contrast> holm(List<Contrast> contrasts) {
    List<Contrast> tested =
        contrasts.stream()
            .filter(contrast -> contrast.pValue().isPresent())
            .sorted(Comparator.comparing(contrast -> contrast.pValue().orElseThrow()))
            .toList();
    List<Contrast> corrected = new ArrayList<>(contrasts);
    double highest = 0;
    for (int i = 0; i < tested.size(); i++) {
      double scaled = tested.get(i).pValue().orElseThrow() * (contrasts.size() - i);
      highest = Math.min(1, Math.max(highest, scaled));
      corrected.set(contrasts.indexOf(tested.get(i)), tested.get(i).corrected(highest));
    }
    return corrected;
  }

  private List<Level> levels(List<RunFigures> runs) {
    List<Level> levels = new ArrayList<>();
    for (Metric each : metrics(runs)) {
      List<Accuracy> accuracies =
          methods.stream()
              .map(
                  method -> {
                    double[] values = values(runs, method, each);
                    return new Accuracy(method, Estimate.of(values), asList(values));
                  })
              .toList();
      double[] differences =
          pairs(runs, methods.get(0), methods.get(1), each).stream()
              .mapToDouble(Pair::difference)
              .toArray();
      levels.add(new Level(each.benchmark(), level(each), accuracies, Estimate.of(differences)));
    }
    return levels;
  }

  private double[] values(List<RunFigures> runs, String method, Metric of) {
    return seeds.stream()
        .map(seed -> value(runs, method, seed, of))
        .flatMapToDouble(OptionalDouble::stream)
        .toArray();
  }

  /** Every level of every benchmark, and all its problems together. */
  private static List<Metric> metrics(List<RunFigures> runs) {
    List<Metric> metrics = new ArrayList<>();
    TreeSet<String> benchmarks = new TreeSet<>();
    runs.forEach(run -> run.scores().forEach(score -> benchmarks.add(score.benchmark())));
    for (String benchmark : benchmarks) {
      TreeSet<Double> levels = new TreeSet<>();
      runs.stream()
          .flatMap(run -> run.scores().stream())
          .filter(score -> score.benchmark().equals(benchmark))
          .forEach(score -> score.difficulty().ifPresent(levels::add));
      levels.forEach(level -> metrics.add(new Metric(benchmark, List.of(level))));
      metrics.add(new Metric(benchmark, List.of()));
    }
    return metrics;
  }

  private static Optional<Double> level(Metric metric) {
    return metric.difficulties().stream().findFirst();
  }

  private Cost cost(String method, List<RunFigures> runs) {
    return new Cost(
        method,
        spent(method, runs, Iteration::sampledTokens),
        spent(method, runs, Iteration::trainedTokens),
        spent(method, runs, Iteration::optimizerSteps),
        spent(method, runs, Iteration::seconds),
        spent(method, runs, Iteration::cpuSeconds));
  }

  private Estimate spent(
      String method, List<RunFigures> runs, ToDoubleFunction<Iteration> measure) {
    return Estimate.of(
        runs.stream()
            .filter(run -> run.method().equals(method))
            .filter(run -> run.comparedVersion(budgetTokens).isPresent())
            .mapToDouble(
                run ->
                    run.iterations().stream()
                        .filter(i -> i.iteration() < run.comparedVersion(budgetTokens).getAsInt())
                        .mapToDouble(measure)
                        .sum())
            .toArray());
  }

  private List<Curve> learning(List<RunFigures> runs) {
    List<Curve> curves = new ArrayList<>();
    for (Metric each : metrics(runs)) {
      for (String method : methods) {
        List<RunFigures> own = of(method, runs);
        TreeSet<Integer> versions = new TreeSet<>();
        own.forEach(run -> run.scores().forEach((Score s) -> versions.add(s.policyVersion())));
        List<Point> points = new ArrayList<>();
        for (int version : versions) {
          List<RunFigures> there =
              own.stream().filter(run -> run.accuracy(version, each).isPresent()).toList();
          double[] values =
              there.stream().mapToDouble(r -> r.accuracy(version, each).getAsDouble()).toArray();
          points.add(point(version, there, values));
        }
        curves.add(new Curve(method, each.benchmark(), level(each), points));
      }
    }
    return curves;
  }

  private List<Curve> stability(List<RunFigures> runs) {
    List<Curve> curves = new ArrayList<>();
    for (String metricName : StabilityMetrics.NAMES) {
      for (String method : methods) {
        List<RunFigures> own = of(method, runs);
        int last = own.stream().mapToInt(run -> run.iterations().size()).max().orElse(0);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < last; i++) {
          int iteration = i;
          List<RunFigures> there =
              own.stream().filter(run -> measured(run, iteration, metricName)).toList();
          double[] values =
              there.stream()
                  .mapToDouble(run -> run.iterations().get(iteration).stability().get(metricName))
                  .toArray();
          if (values.length > 0) {
            points.add(point(iteration, there, values));
          }
        }
        curves.add(new Curve(method, metricName, Optional.empty(), points));
      }
    }
    return curves;
  }

  private static boolean measured(RunFigures run, int iteration, String metricName) {
    return iteration < run.iterations().size()
        && run.iterations().get(iteration).stability().containsKey(metricName);
  }

  private static Point point(int x, List<RunFigures> there, double[] values) {
    double tokens = there.stream().mapToLong(run -> run.tokensOf(x)).average().orElse(0);
    return new Point(x, tokens, Estimate.of(values));
  }

  private static List<RunFigures> of(String method, List<RunFigures> runs) {
    return runs.stream().filter(run -> run.method().equals(method)).toList();
  }

  private Run row(RunFigures run) {
    OptionalInt version = run.comparedVersion(budgetTokens);
    return new Run(
        run.runId(),
        run.method(),
        run.seed(),
        run.status(),
        version.isPresent() ? Optional.of(version.getAsInt()) : Optional.empty(),
        run.tokensOf(version.orElse(Integer.MAX_VALUE)),
        boxed(compared(run, metric)));
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }

  private static List<Double> asList(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}

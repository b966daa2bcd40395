package io.rephrase.jobs;

import io.rephrase.data.Difficulties;
import io.rephrase.evaluation.GradedAnswer;
import io.rephrase.evaluation.Metric;
import io.rephrase.evaluation.Score;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What the policies of a run score on its benchmarks, from the view {@code benchmark_problems}: all
 * problems together, by difficulty and by subject. Belongs to the driver.
 */
final class BenchmarkScores {

  static final String PROBLEMS =
      """
      SELECT policy_version, benchmark, decoding_hash, difficulty, subject, samples, clustered,
        answers.reward AS rewards, answers.cluster AS clusters
      FROM benchmark_problems WHERE run_id = :run AND %s
      ORDER BY policy_version, benchmark, decoding_hash, dataset, prompt_id""";

  /**
   * A policy's score on some of a benchmark's problems.
   *
   * @param policyVersion evaluated
   * @param benchmark by name, with the decoding where there are several
   * @param slice such as {@code all}, {@code difficulty 3}, {@code subject algebra}
   * @param score of it
   */
  record Sliced(int policyVersion, String benchmark, String slice, Score score) {}

  private record Problem(
      Optional<Double> difficulty,
      Optional<String> subject,
      int samples,
      boolean clustered,
      List<GradedAnswer> answers) {}

  private record Evaluated(int policyVersion, String benchmark) {}

  private final SparkSession session;

  BenchmarkScores(SparkSession session) {
    this.session = session;
  }

  /** Of every policy, by the metrics of one answer and of all. */
  List<Sliced> of(String runId) {
    List<Sliced> scores = new ArrayList<>();
    problems(runId, "true")
        .forEach(
            (evaluated, problems) ->
                slices(problems)
                    .forEach(
                        (slice, own) ->
                            scores(Metric.ofAll(samples(problems)), own)
                                .forEach(
                                    score ->
                                        scores.add(
                                            new Sliced(
                                                evaluated.policyVersion(),
                                                evaluated.benchmark(),
                                                slice,
                                                score)))));
    return scores;
  }

  /** For people: those of one policy. */
  List<String> lines(String runId, int policyVersion) {
    List<String> lines = new ArrayList<>();
    problems(runId, "policy_version = " + policyVersion)
        .forEach(
            (evaluated, problems) -> {
              int samples = samples(problems);
              lines.add(
                  "%s, policy %d: %d problems x %d samples, with 95 %% intervals over problems"
                      .formatted(evaluated.benchmark(), policyVersion, problems.size(), samples));
              slices(problems).forEach((slice, own) -> lines.addAll(lines(slice, own, samples)));
            });
    return lines;
  }

  /** All k of all problems, a line for each kind of metric; of a part one answer and all. */
  private static List<String> lines(String slice, List<Problem> problems, int samples) {
    if (!slice.equals("all")) {
      return List.of(line(slice, scores(Metric.ofAll(samples), problems), problems.size()));
    }
    Map<Metric.Kind, List<Score>> kinds = new TreeMap<>();
    for (Score score : scores(Metric.of(samples), problems)) {
      kinds.computeIfAbsent(score.metric().kind(), kind -> new ArrayList<>()).add(score);
    }
    List<String> lines = new ArrayList<>();
    for (List<Score> scores : kinds.values()) {
      scores.sort(Comparator.comparingInt(score -> score.metric().k()));
      lines.add(line(lines.isEmpty() ? slice : "", scores, problems.size()));
    }
    return lines;
  }

  private static String line(String slice, List<Score> scores, int problems) {
    String words =
        scores.stream()
            .map(score -> score.words() + left(problems - score.problems()))
            .collect(Collectors.joining("  "));
    return String.format(Locale.ROOT, "  %-16s %s", slice, words);
  }

  private static String left(int problems) {
    return problems == 0 ? "" : " (%d problems without enough rewards)".formatted(problems);
  }

  private static List<Score> scores(List<Metric> metrics, List<Problem> problems) {
    return metrics.stream().flatMap(metric -> score(metric, problems).stream()).toList();
  }

  /** Votes are counted where clusters were recorded. */
  private static Optional<Score> score(Metric metric, List<Problem> problems) {
    boolean votes = metric.kind() == Metric.Kind.MAJORITY;
    return Score.of(
        metric,
        problems.stream()
            .filter(problem -> !votes || problem.clustered())
            .map(Problem::answers)
            .toList());
  }

  private static int samples(List<Problem> problems) {
    return problems.stream().mapToInt(Problem::samples).max().orElse(1);
  }

  /** All problems, then those of each difficulty and of each subject where there are several. */
  private static Map<String, List<Problem>> slices(List<Problem> problems) {
    SortedMap<Double, List<Problem>> difficulties = new TreeMap<>();
    SortedMap<String, List<Problem>> subjects = new TreeMap<>();
    for (Problem problem : problems) {
      problem.difficulty().ifPresent(level -> add(difficulties, level, problem));
      problem.subject().ifPresent(subject -> add(subjects, subject, problem));
    }
    Map<String, List<Problem>> slices = new LinkedHashMap<>();
    slices.put("all", problems);
    if (difficulties.size() > 1) {
      difficulties.forEach(
          (level, own) -> slices.put("difficulty " + Difficulties.name(level), own));
    }
    if (subjects.size() > 1) {
      subjects.forEach((subject, own) -> slices.put("subject " + subject, own));
    }
    return slices;
  }

  private static <K> void add(Map<K, List<Problem>> slices, K key, Problem problem) {
    slices.computeIfAbsent(key, any -> new ArrayList<>()).add(problem);
  }

  private Map<Evaluated, List<Problem>> problems(String runId, String policies) {
    List<Row> rows = RunSql.query(session, PROBLEMS.formatted(policies), runId).collectAsList();
    BenchmarkNames names = BenchmarkNames.of(rows);
    Map<Evaluated, List<Problem>> problems = new LinkedHashMap<>();
    for (Row row : rows) {
      Evaluated evaluated = new Evaluated(row.<Integer>getAs("policy_version"), names.of(row));
      problems.computeIfAbsent(evaluated, any -> new ArrayList<>()).add(problem(row));
    }
    return problems;
  }

  private static Problem problem(Row row) {
    List<Double> rewards = row.getList(row.fieldIndex("rewards"));
    List<Integer> clusters = row.getList(row.fieldIndex("clusters"));
    List<GradedAnswer> answers = new ArrayList<>();
    for (int i = 0; i < rewards.size(); i++) {
      Integer cluster = clusters.get(i);
      answers.add(
          new GradedAnswer(
              rewards.get(i), cluster == null ? OptionalInt.empty() : OptionalInt.of(cluster)));
    }
    return new Problem(
        Optional.ofNullable(row.<Double>getAs("difficulty")),
        Optional.ofNullable(row.<String>getAs("subject")),
        Math.toIntExact(row.<Long>getAs("samples")),
        row.<Boolean>getAs("clustered"),
        answers);
  }
}

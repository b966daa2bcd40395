package io.rephrase.jobs;

import io.rephrase.jobs.report.ReportData.Accuracy;
import io.rephrase.jobs.report.ReportData.BenchmarkScore;
import io.rephrase.jobs.report.ReportData.Iteration;
import io.rephrase.jobs.report.ReportData.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/** The curves of a run: small aggregates of tables and views. */
final class ReportCurves {

  /** Optimizer steps drawn at most; of more, evenly spaced ones. */
  private static final int MAX_STEPS = 2000;

  private static final String ACCURACY =
      """
      SELECT policy_version, benchmark, decoding_hash, difficulty, avg(reward) AS mean_reward,
        count(reward) AS answers
      FROM evaluations WHERE run_id = :run
      GROUP BY policy_version, benchmark, decoding_hash, difficulty
      ORDER BY benchmark, decoding_hash, difficulty, policy_version""";

  /** What a hard group's use is, the view says. */
  private static final String ITERATIONS =
      """
      SELECT used.iteration, used.hard, used.by_substitution, used.by_luck, decided.groups,
        decided.substituted, decided.zero_variance, decided.reward_mean_after,
        coalesce(sampled.rollouts, 0) AS rollouts, coalesce(sampled.truncated, 0) AS truncated,
        coalesce(sampled.tokens, 0) AS tokens, sampled.reward_mean
      FROM (
        SELECT iteration, sum(hard_groups) AS hard,
          sum(utilized_by_substitution) AS by_substitution, sum(utilized_by_luck) AS by_luck
        FROM hard_sample_utilization WHERE run_id = :run GROUP BY iteration) AS used
      JOIN (
        SELECT iteration, count(*) AS groups, count_if(source <> 'none') AS substituted,
          count_if(zero_variance) AS zero_variance,
          sum(aggregate(rewards_after, 0D, (total, reward) -> total + coalesce(reward, 0D)))
            / sum(size(filter(rewards_after, reward -> reward IS NOT NULL))) AS reward_mean_after
        FROM guidance WHERE run_id = :run GROUP BY iteration) AS decided
        ON decided.iteration = used.iteration
      LEFT JOIN (
        SELECT iteration, count(*) AS rollouts, count_if(truncated) AS truncated,
          sum(completion_tokens) AS tokens, avg(reward) AS reward_mean
        FROM rollouts WHERE run_id = :run GROUP BY iteration) AS sampled
        ON sampled.iteration = used.iteration
      ORDER BY used.iteration""";

  private static final String ATTEMPTS =
      """
      SELECT iteration, coalesce(reject_reason, '') AS reason, count(*) AS attempts,
        sum(size(raw_token_ids)) AS tokens
      FROM rephrasings WHERE run_id = :run GROUP BY iteration, reject_reason""";

  /** A plan that was followed by a new start is no measure of the stage's time. */
  private static final String SECONDS =
      """
      SELECT iteration, stage, sum(seconds) AS seconds FROM (
        SELECT iteration, stage, status,
          lead(status) OVER (ORDER BY sequence) AS next_status,
          timestampdiff(MILLISECOND, at, lead(at) OVER (ORDER BY sequence)) / 1000D AS seconds
        FROM runs WHERE run_id = :run)
      WHERE status = 'planned' AND seconds IS NOT NULL
        AND next_status NOT IN ('started', 'resumed', 'taken-over', 'redo-started')
      GROUP BY iteration, stage""";

  private static final String TRAINING_SECONDS =
      """
      SELECT iteration, 'train' AS stage, sum(seconds) AS seconds
      FROM training_steps WHERE run_id = :run GROUP BY iteration""";

  private static final String STEPS =
      "SELECT * FROM training_steps WHERE run_id = :run ORDER BY iteration, step";

  private static final Set<String> NO_METRIC = Set.of("iteration", "policy_version");

  private final SparkSession session;

  ReportCurves(SparkSession session) {
    this.session = session;
  }

  Series of(String runId, String preset) {
    return new Series(
        runId, preset, accuracy(runId), scores(runId), iterations(runId), steps(runId));
  }

  private List<Accuracy> accuracy(String runId) {
    List<Row> rows = query(ACCURACY, runId).collectAsList();
    BenchmarkNames names = BenchmarkNames.of(rows);
    List<Accuracy> accuracy = new ArrayList<>();
    for (Row row : rows) {
      long answers = row.getAs("answers");
      if (answers == 0) {
        continue;
      }
      accuracy.add(
          new Accuracy(
              row.<Integer>getAs("policy_version"),
              names.of(row),
              Optional.ofNullable(row.<Double>getAs("difficulty")),
              row.<Double>getAs("mean_reward"),
              answers));
    }
    return accuracy;
  }

  private List<BenchmarkScore> scores(String runId) {
    return new BenchmarkScores(session)
        .of(runId).stream()
            .map(
                sliced ->
                    new BenchmarkScore(
                        sliced.policyVersion(),
                        sliced.benchmark(),
                        sliced.slice(),
                        sliced.score().metric().label(),
                        sliced.score().value(),
                        sliced.score().interval().low(),
                        sliced.score().interval().high(),
                        sliced.score().problems()))
            .toList();
  }

  private List<Iteration> iterations(String runId) {
    Map<Integer, Map<String, Row>> attempts = new HashMap<>();
    for (Row row : query(ATTEMPTS, runId).collectAsList()) {
      attempts
          .computeIfAbsent(row.<Integer>getAs("iteration"), i -> new TreeMap<>())
          .put(row.getAs("reason"), row);
    }
    Map<Integer, Map<String, Double>> seconds = stageSeconds(runId);
    List<Iteration> iterations = new ArrayList<>();
    for (Row row : query(ITERATIONS, runId).collectAsList()) {
      int index = row.<Integer>getAs("iteration");
      iterations.add(
          iteration(
              row, attempts.getOrDefault(index, Map.of()), seconds.getOrDefault(index, Map.of())));
    }
    return iterations;
  }

  private static Iteration iteration(
      Row row, Map<String, Row> attempts, Map<String, Double> seconds) {
    Map<String, Long> byReason = new TreeMap<>();
    long tokens = 0;
    for (Map.Entry<String, Row> entry : attempts.entrySet()) {
      byReason.put(entry.getKey(), entry.getValue().<Long>getAs("attempts"));
      tokens += entry.getValue().<Long>getAs("tokens");
    }
    long all = byReason.values().stream().mapToLong(Long::longValue).sum();
    long accepted = Optional.ofNullable(byReason.remove("")).orElse(0L);
    return new Iteration(
        row.<Integer>getAs("iteration"),
        row.<Long>getAs("groups"),
        row.<Long>getAs("hard"),
        row.<Long>getAs("substituted"),
        row.<Long>getAs("by_substitution"),
        row.<Long>getAs("by_luck"),
        row.<Long>getAs("zero_variance"),
        numberOrNaN(row, "reward_mean"),
        numberOrNaN(row, "reward_mean_after"),
        row.<Long>getAs("rollouts"),
        row.<Long>getAs("truncated"),
        row.<Long>getAs("tokens"),
        all,
        accepted,
        tokens,
        byReason,
        seconds);
  }

  /** From the run's own events; of training, where it has no plan, the time of its steps. */
  private Map<Integer, Map<String, Double>> stageSeconds(String runId) {
    Map<Integer, Map<String, Double>> seconds = new HashMap<>();
    for (String sql : List.of(SECONDS, TRAINING_SECONDS)) {
      for (Row row : query(sql, runId).collectAsList()) {
        seconds
            .computeIfAbsent(row.<Integer>getAs("iteration"), i -> new TreeMap<>())
            .putIfAbsent(row.getAs("stage"), row.<Double>getAs("seconds"));
      }
    }
    return seconds;
  }

  private Map<String, double[]> steps(String runId) {
    Dataset<Row> table = query(STEPS, runId);
    List<Row> rows = thinned(table.collectAsList());
    Map<String, double[]> metrics = new TreeMap<>();
    if (rows.isEmpty()) {
      return metrics;
    }
    for (StructField field : table.schema().fields()) {
      if (field.dataType() instanceof NumericType && !NO_METRIC.contains(field.name())) {
        metrics.put(
            field.name(),
            rows.stream().mapToDouble(row -> numberOrNaN(row, field.name())).toArray());
      }
    }
    return metrics;
  }

  private static List<Row> thinned(List<Row> rows) {
    int stride = (rows.size() + MAX_STEPS - 1) / MAX_STEPS;
    List<Row> kept = new ArrayList<>();
    for (int i = 0; i < rows.size(); i += stride) {
      kept.add(rows.get(i));
    }
    return kept;
  }

  private static double numberOrNaN(Row row, String column) {
    Number number = row.getAs(column);
    return number == null ? Double.NaN : number.doubleValue();
  }

  private Dataset<Row> query(String sql, String runId) {
    return RunSql.query(session, sql, runId);
  }
}

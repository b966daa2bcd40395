package io.rephrase.jobs;

import io.rephrase.config.ExperimentConfig.PlannedRun;
import io.rephrase.jobs.experiment.RunFigures;
import io.rephrase.jobs.experiment.RunFigures.Iteration;
import io.rephrase.jobs.experiment.RunFigures.Score;
import io.rephrase.jobs.experiment.StabilityMetrics;
import io.rephrase.jobs.table.Warehouse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads what the runs of an experiment recorded, each from its own warehouse. */
final class ExperimentFigures {

  private static final String STATUS = "SELECT status FROM runs_latest WHERE run_id = :run";

  private static final String SCORES =
      """
      SELECT policy_version, benchmark, difficulty, avg(reward) AS reward, count(reward) AS answers
      FROM evaluations WHERE run_id = :run
      GROUP BY policy_version, benchmark, difficulty HAVING count(reward) > 0
      ORDER BY policy_version, benchmark, difficulty""";

  private static final String ITERATIONS =
      """
      SELECT costs.iteration, costs.sampled_tokens, costs.trained_tokens, costs.optimizer_steps,
        coalesce(times.seconds, 0D) AS seconds, coalesce(times.cpu_seconds, 0D) AS cpu_seconds
      FROM token_costs AS costs
      LEFT JOIN (
        SELECT iteration, sum(seconds) AS seconds, sum(cpu_seconds) AS cpu_seconds
        FROM stage_seconds WHERE run_id = :run AND stage NOT IN ('evaluate', 'start')
        GROUP BY iteration) AS times ON times.iteration = costs.iteration
      WHERE costs.run_id = :run ORDER BY costs.iteration""";

  private static final String STABILITY = "SELECT * FROM stability WHERE run_id = :run";

  private final SparkSession session;

  ExperimentFigures(SparkSession session) {
    this.session = session;
  }

  RunFigures of(PlannedRun planned) {
    int iterations = planned.resolved().config().run().iterations();
    String root = WarehouseSession.root(planned.resolved());
    if (!Warehouse.isThere(session, root)) {
      return RunFigures.notStarted(planned.id(), planned.method(), planned.seed(), iterations);
    }
    Warehouse.openForReading(session, root).registerViewsFor(STATUS, SCORES, ITERATIONS, STABILITY);
    List<Row> status = rows(STATUS, planned);
    return new RunFigures(
        planned.id(),
        planned.method(),
        planned.seed(),
        status.isEmpty() ? "not started" : status.get(0).getString(0),
        iterations,
        rows(SCORES, planned).stream().map(ExperimentFigures::score).toList(),
        iterations(planned));
  }

  private List<Iteration> iterations(PlannedRun planned) {
    Map<Integer, Map<String, Double>> stability = new HashMap<>();
    for (Row row : rows(STABILITY, planned)) {
      stability.put(row.<Integer>getAs("iteration"), metrics(row));
    }
    return rows(ITERATIONS, planned).stream()
        .map(
            row ->
                new Iteration(
                    row.<Integer>getAs("iteration"),
                    whole(row, "sampled_tokens"),
                    whole(row, "trained_tokens"),
                    whole(row, "optimizer_steps"),
                    row.<Double>getAs("seconds"),
                    row.<Double>getAs("cpu_seconds"),
                    stability.getOrDefault(row.<Integer>getAs("iteration"), Map.of())))
        .toList();
  }

  private static Map<String, Double> metrics(Row row) {
    Map<String, Double> metrics = new HashMap<>();
    for (String name : StabilityMetrics.NAMES) {
      Number value = row.getAs(name);
      if (value != null) {
        metrics.put(name, value.doubleValue());
      }
    }
    return metrics;
  }

  private static Score score(Row row) {
    return new Score(
        row.<Integer>getAs("policy_version"),
        row.getAs("benchmark"),
        Optional.ofNullable(row.<Double>getAs("difficulty")),
        row.<Double>getAs("reward"),
        row.<Long>getAs("answers"));
  }

  private static long whole(Row row, String column) {
    return row.<Number>getAs(column).longValue();
  }

  private List<Row> rows(String sql, PlannedRun planned) {
    return RunSql.query(session, sql, planned.id()).collectAsList();
  }
}

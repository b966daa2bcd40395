package io.rephrase.jobs;

import static org.apache.spark.sql.functions.col;

import io.rephrase.InputException;
import io.rephrase.config.DataConfig;
import io.rephrase.config.EvaluateConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.data.Difficulties;
import io.rephrase.data.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which rows of the prompts table a configuration names: those that rollouts draw from, and the
 * problems of its benchmarks. Belongs to the driver.
 */
final class PromptSelection {

  private final Dataset<Row> table;
  private final Dataset<Row> drawn;

  PromptSelection(Dataset<Row> table, RunConfig config) {
    this.table = table;
    DataConfig data = config.data();
    this.drawn =
        ofDifficulties(
            table
                .where(col("dataset").isin(data.datasets().toArray()))
                .where(col("split").equalTo(data.split())),
            data.difficulties());
  }

  /** The prompts that rollouts draw from: the training prompts. */
  Dataset<Row> drawn() {
    return drawn;
  }

  /**
   * The problems of a benchmark, in its fixed order: by difficulty, then by a hash of the key.
   *
   * @throws InputException if there are none
   */
  List<Row> benchmark(String name, EvaluateConfig.Benchmark benchmark) {
    Dataset<Row> all =
        ofDifficulties(
            table
                .where(col("dataset").equalTo(benchmark.dataset()))
                .where(col("split").equalTo(benchmark.split())),
            benchmark.difficulties());
    Map<String, Integer> taken = new HashMap<>();
    List<Row> rows = new ArrayList<>();
    for (Row row : ordered(all.collectAsList())) {
      int count = taken.merge(difficulty(row), 1, Integer::sum);
      if (benchmark.limitPerDifficulty() == 0 || count <= benchmark.limitPerDifficulty()) {
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      throw new InputException(
          "evaluate.benchmarks.%s: the prompts table has no problems of dataset %s, split %s, difficulties %s; ingest some, widen the three, or leave the benchmark out"
              .formatted(name, benchmark.dataset(), benchmark.split(), benchmark.difficulties()));
    }
    return rows;
  }

  /** By difficulty, then by a hash of the key, which is worked out once a row. */
  private static List<Row> ordered(List<Row> rows) {
    record Ordered(String order, Row row) {}
    return rows.stream()
        .map(row -> new Ordered(order(row), row))
        .sorted(Comparator.comparing(Ordered::order))
        .map(Ordered::row)
        .toList();
  }

  private static String order(Row row) {
    int at = row.fieldIndex("difficulty");
    double difficulty = row.isNullAt(at) ? Double.MAX_VALUE : row.getDouble(at);
    long hash = Seeds.sample(0, "benchmark", 0, key(row), 0);
    return "%020.6f/%016x".formatted(difficulty, hash);
  }

  private static Dataset<Row> ofDifficulties(Dataset<Row> prompts, List<Integer> difficulties) {
    return difficulties.isEmpty()
        ? prompts
        : prompts.where(col("difficulty").isin(difficulties.toArray()));
  }

  /** Of a prompt, among all data sets. */
  static String key(Row row) {
    return row.getAs("dataset") + "/" + row.getAs("prompt_id");
  }

  /** As the mix writes it: whole numbers without a fraction. */
  static String difficulty(Row row) {
    int column = row.fieldIndex("difficulty");
    return row.isNullAt(column) ? "" : Difficulties.name(row.getDouble(column));
  }
}

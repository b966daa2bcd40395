package io.rephrase.jobs;

import static org.apache.spark.sql.functions.col;

import io.rephrase.InputException;
import io.rephrase.config.DataConfig;
import io.rephrase.config.EvaluateConfig;
import io.rephrase.config.RunConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which rows of the prompts table a stage takes, in which order. Belongs to the driver. */
final class Prompts {

  private static final int AHEAD_PROMPTS = 4096;

  private final RunConfig config;
  private final Dataset<Row> table;
  private final PromptDeck deck;
  private final Map<Integer, List<Row>> ahead = new HashMap<>();

  Prompts(RunContext run) {
    this.config = run.config();
    this.table = run.readPrompts();
    DataConfig data = run.config().data();
    Dataset<Row> drawn =
        ofDifficulties(
            table
                .where(col("dataset").isin(data.datasets().toArray()))
                .where(col("split").equalTo(data.split())),
            data.difficulties());
    List<PromptDeck.Card> cards =
        drawn.select("dataset", "prompt_id", "difficulty").collectAsList().stream()
            .map(row -> new PromptDeck.Card(row.getString(0), row.getString(1), difficulty(row, 2)))
            .toList();
    this.deck =
        new PromptDeck(
            run.config().run().seed(),
            run.config().rollout().promptsPerIteration(),
            cards,
            run.config().rollout().difficultyMix());
  }

  /** The prompts of an iteration, by position. */
  List<Row> iteration(int iteration) {
    if (!ahead.containsKey(iteration)) {
      readFrom(iteration);
    }
    return Objects.requireNonNull(ahead.get(iteration));
  }

  /** One query for the next iterations: a query costs the same for one prompt as for thousands. */
  private void readFrom(int first) {
    int iterations = Math.max(1, AHEAD_PROMPTS / config.rollout().promptsPerIteration());
    int end = Math.max(first + 1, Math.min(first + iterations, config.run().iterations()));
    Set<String> ids = new HashSet<>();
    for (int iteration = first; iteration < end; iteration++) {
      deck.iteration(iteration).forEach(card -> ids.add(card.promptId()));
    }
    Map<String, Row> byKey = new HashMap<>();
    for (Row row : table.where(col("prompt_id").isin(ids.toArray())).collectAsList()) {
      byKey.put(key(row), row);
    }
    ahead.clear();
    for (int iteration = first; iteration < end; iteration++) {
      ahead.put(
          iteration,
          deck.iteration(iteration).stream()
              .map(card -> Objects.requireNonNull(byKey.get(card.key())))
              .toList());
    }
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
    List<Row> ordered = new ArrayList<>(all.collectAsList());
    ordered.sort(Comparator.comparing(Prompts::order));
    for (Row row : ordered) {
      int count = taken.merge(difficulty(row, row.fieldIndex("difficulty")), 1, Integer::sum);
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

  private static String order(Row row) {
    int at = row.fieldIndex("difficulty");
    double difficulty = row.isNullAt(at) ? Double.MAX_VALUE : row.getDouble(at);
    long hash = io.rephrase.data.Seeds.sample(0, "benchmark", 0, key(row), 0);
    return "%020.6f/%016x".formatted(difficulty, hash);
  }

  private static Dataset<Row> ofDifficulties(Dataset<Row> prompts, List<Integer> difficulties) {
    return difficulties.isEmpty()
        ? prompts
        : prompts.where(col("difficulty").isin(difficulties.toArray()));
  }

  private static String key(Row row) {
    return row.getAs("dataset") + "/" + row.getAs("prompt_id");
  }

  /** As the mix writes it: whole numbers without a fraction. */
  private static String difficulty(Row row, int column) {
    if (row.isNullAt(column)) {
      return "";
    }
    double value = row.getDouble(column);
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}

package io.rephrase.jobs;

import static org.apache.spark.sql.functions.col;

import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.config.DataConfig;
import io.rephrase.config.EvaluateConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.data.Difficulties;
import io.rephrase.reward.Verifiers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which rows of the prompts table a stage takes, in which order. Belongs to the driver. */
final class Prompts {

  private static final int AHEAD_PROMPTS = 4096;

  private final RunConfig config;
  private final Dataset<Row> table;
  private final Dataset<Row> drawn;
  private final PromptDeck deck;
  private final Map<Integer, List<Row>> ahead = new HashMap<>();

  Prompts(RunContext run) {
    this.config = run.config();
    this.table = run.readPrompts();
    DataConfig data = run.config().data();
    this.drawn =
        ofDifficulties(
            table
                .where(col("dataset").isin(data.datasets().toArray()))
                .where(col("split").equalTo(data.split())),
            data.difficulties());
    List<Row> all = drawn.select("dataset", "prompt_id", "difficulty", "verifier").collectAsList();
    all.forEach(this::requireJudge);
    List<PromptDeck.Card> cards =
        all.stream()
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

  /** As many prompts of an iteration from a position on; past its own come those in reserve. */
  List<Row> iteration(int iteration, int firstPosition, int count) {
    List<Row> own = iteration(iteration);
    if (firstPosition + count <= own.size()) {
      return own.subList(firstPosition, firstPosition + count);
    }
    int from = firstPosition - own.size();
    return rows(deck.reserve(iteration).subList(from, from + count));
  }

  /** How many prompts an iteration has in reserve beside its own. */
  int reserve(int iteration) {
    return deck.reserve(iteration).size();
  }

  /** Positions among {@code prompts} of those with an expert's solution. */
  static Set<Integer> withKnowledge(List<Row> prompts) {
    Set<Integer> positions = new TreeSet<>();
    for (int position = 0; position < prompts.size(); position++) {
      Row prompt = prompts.get(position);
      if (!prompt.isNullAt(prompt.fieldIndex("knowledge"))) {
        positions.add(position);
      }
    }
    return positions;
  }

  /**
   * Refuses a run of which no prompt has an expert's solution.
   *
   * @param preset that needs them
   */
  void requireKnowledge(String preset) {
    if (drawn.where(col("knowledge").isNotNull()).limit(1).isEmpty()) {
      throw new InputException(
          "algorithm.preset = %s learns from experts' solutions, and none of the prompts drawn from has one; ingest a data set with the column knowledge, or choose grpo"
              .formatted(preset));
    }
  }

  /** Refuses a prompt that wants a judge where none is named. */
  private void requireJudge(Row prompt) {
    if (!config.judge().present() && Verifiers.LLM_JUDGE.label().equals(prompt.getAs("verifier"))) {
      throw new ConfigurationException(
          "%s: its verifier %s asks a model, and the configuration names none; set judge.url and judge.model, or ingest the data set with another verifier"
              .formatted(key(prompt), Verifiers.LLM_JUDGE.label()));
    }
  }

  /** One query for the next iterations: a query costs the same for one prompt as for thousands. */
  private void readFrom(int first) {
    int iterations = Math.max(1, AHEAD_PROMPTS / config.rollout().promptsPerIteration());
    int end = Math.max(first + 1, Math.min(first + iterations, config.run().iterations()));
    List<PromptDeck.Card> cards = new ArrayList<>();
    for (int iteration = first; iteration < end; iteration++) {
      cards.addAll(deck.iteration(iteration));
    }
    List<Row> rows = rows(cards);
    int size = rows.size() / (end - first);
    ahead.clear();
    for (int iteration = first; iteration < end; iteration++) {
      int from = (iteration - first) * size;
      ahead.put(iteration, List.copyOf(rows.subList(from, from + size)));
    }
  }

  /** The rows of these cards, in their order. */
  private List<Row> rows(List<PromptDeck.Card> cards) {
    Set<String> ids = new HashSet<>();
    cards.forEach(card -> ids.add(card.promptId()));
    Map<String, Row> byKey = new HashMap<>();
    for (Row row : table.where(col("prompt_id").isin(ids.toArray())).collectAsList()) {
      byKey.put(key(row), row);
    }
    return cards.stream().map(card -> Objects.requireNonNull(byKey.get(card.key()))).toList();
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
      requireJudge(row);
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
    return row.isNullAt(column) ? "" : Difficulties.name(row.getDouble(column));
  }
}

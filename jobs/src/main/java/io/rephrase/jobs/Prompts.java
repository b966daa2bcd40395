package io.rephrase.jobs;

import static org.apache.spark.sql.functions.col;

import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.config.EvaluateConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.reward.Verifiers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which prompts a stage of a run takes, in which order. Belongs to the driver. */
final class Prompts {

  private static final int AHEAD_PROMPTS = 4096;

  private final RunConfig config;
  private final Dataset<Row> table;
  private final PromptSelection selection;
  private final PromptDeck deck;
  private final Map<Integer, List<Row>> ahead = new HashMap<>();

  Prompts(RunContext run) {
    this.config = run.config();
    this.table = run.readPrompts();
    this.selection = new PromptSelection(table, config);
    List<Row> all =
        selection.drawn().select("dataset", "prompt_id", "difficulty", "verifier").collectAsList();
    all.forEach(this::requireJudge);
    List<PromptDeck.Card> cards =
        all.stream()
            .map(
                row ->
                    new PromptDeck.Card(
                        row.getString(0), row.getString(1), PromptSelection.difficulty(row)))
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
    if (selection.drawn().where(col("knowledge").isNotNull()).limit(1).isEmpty()) {
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
              .formatted(PromptSelection.key(prompt), Verifiers.LLM_JUDGE.label()));
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
      byKey.put(PromptSelection.key(row), row);
    }
    return cards.stream().map(card -> Objects.requireNonNull(byKey.get(card.key()))).toList();
  }

  /** As {@link PromptSelection#benchmark}. */
  List<Row> benchmark(String name, EvaluateConfig.Benchmark benchmark) {
    List<Row> problems = selection.benchmark(name, benchmark);
    problems.forEach(this::requireJudge);
    return problems;
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.InputException;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.CommitFence;
import io.rephrase.jobs.table.Redo;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The arena's own policy, four hot samples of three problems of 2 to 4 steps, and one greedy answer
 * a level.
 */
class EvaluateJobIT {

  private static final String[] WORDS = {
    "run.iterations=0",
    "evaluate.benchmarks.arena.difficulties=[2, 3, 4]",
    "evaluate.benchmarks.arena.limitPerDifficulty=3",
    "evaluate.benchmarks.arena.samples=4",
    "evaluate.benchmarks.arena.temperature=2",
    "evaluate.benchmarks.greedy.dataset=arena",
    "evaluate.benchmarks.greedy.limitPerDifficulty=1"
  };

  @TempDir static Path folder;
  private static Warehouse warehouse;
  private static String printed;

  @BeforeAll
  static void evaluate() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
    printed = evaluate("r", WORDS);
  }

  @Test
  void eachBenchmarkHasAsManySamplesAsItAsksFor() {
    assertThat(
            rows(
                "SELECT benchmark, count(*), count(DISTINCT prompt_id), max(sample_index),"
                    + " count(DISTINCT text) > 9 FROM evaluations WHERE run_id = 'r' GROUP BY benchmark ORDER BY 1"))
        .extracting(Row::toString)
        .containsExactly("[arena,36,9,3,true]", "[greedy,6,6,0,false]");
  }

  @Test
  void theEstimateOfPassAtTwoIsTheMeanOverAllPairsOfSamples() {
    double pairs =
        number(
            """
            SELECT avg(problem) FROM (
              SELECT avg(greatest(one.reward, other.reward)) AS problem
              FROM evaluations AS one JOIN evaluations AS other
                ON one.prompt_id = other.prompt_id AND one.sample_index < other.sample_index
              WHERE one.run_id = 'r' AND one.benchmark = 'arena'
                AND other.run_id = 'r' AND other.benchmark = 'arena'
              GROUP BY one.prompt_id)""");

    assertThat(printed).contains(String.format(Locale.ROOT, "  pass@2 %.1f %% [", 100 * pairs));
    assertThat(
            number(
                "SELECT avg(pass_at[2]) FROM benchmark_problems WHERE run_id = 'r' AND benchmark = 'arena'"))
        .isCloseTo(pairs, within(1e-12));
    assertThat(pairs).as("neither all nor none are solved").isBetween(0.1, 0.99);
  }

  @Test
  void theVoteCanBeCountedFromTheRowsAlone() {
    double votes =
        number(
            """
            SELECT avg(CAST(right AS INT)) FROM (
              SELECT prompt_id, max_by(right, votes * 100 - answer_cluster) AS right FROM (
                SELECT prompt_id, answer_cluster, count(*) AS votes, max(reward) = 1 AS right
                FROM evaluations WHERE run_id = 'r' AND benchmark = 'arena' AND extracted IS NOT NULL
                GROUP BY prompt_id, answer_cluster)
              GROUP BY prompt_id
              UNION ALL
              SELECT prompt_id, false FROM evaluations WHERE run_id = 'r' AND benchmark = 'arena'
              GROUP BY prompt_id HAVING count(extracted) = 0)""");

    assertThat(score("maj@4")).isEqualTo(votes);
    assertThat(
            number(
                "SELECT maj_at_k FROM benchmark_scores WHERE run_id = 'r' AND benchmark = 'arena'"))
        .isEqualTo(votes);
    assertThat(
            rows(
                "SELECT * FROM evaluations WHERE (extracted IS NULL) <> (answer_cluster IS NULL)"
                    + " OR answer_cluster > sample_index"))
        .isEmpty();
  }

  @Test
  void theCommandPrintsEveryMetricWithItsIntervalByDifficulty() {
    assertThat(printed)
        .contains("arena, policy 0: 9 problems x 4 samples, with 95 % intervals over problems")
        .containsPattern(
            "  all  +pass@1 [0-9.]+ % \\[[0-9.]+, [0-9.]+\\]  pass@2 .* pass@4 [0-9.]+ %")
        .containsPattern("\n   +maj@2 .*  maj@4 [0-9.]+ % ")
        .containsPattern("  difficulty 4  +pass@1 [^\n]* avg@4 ")
        .contains("greedy, policy 0: 6 problems x 1 samples");
  }

  @Test
  void evaluationsThatWereDeletedAreMadeAgain() {
    String[] words = {
      "run.iterations=0",
      "evaluate.benchmarks.arena.difficulties=[2, 3]",
      "evaluate.benchmarks.arena.limitPerDifficulty=2"
    };
    String made = "SELECT prompt_id, text FROM evaluations WHERE run_id = 'again' ORDER BY 1";
    evaluate("again", words);
    List<Row> first = rows(made);
    RunLog log =
        RunLog.open(
            warehouse.controlTables(),
            new RunLog.Author("again", "redo", "test"),
            Clock.systemUTC());

    new Redo(warehouse, log, CommitFence.NONE).run(Stage.EVALUATE, 0);
    assertThat(rows(made)).isEmpty();

    evaluate("again", words);
    assertThat(rows(made)).hasSize(4).isEqualTo(first);
    assertThat(rows("SELECT * FROM evaluations WHERE run_id = 'r'")).hasSize(42);
    assertThat(status("again")).isEqualTo("finished");
  }

  @Test
  void aPolicyThatIsNotToBeEvaluatedIsRefusedAndTheRunStaysWhatItWas() {
    String[] words = {
      "run.iterations=0", "evaluate.every=5", "evaluate.benchmarks.arena.limitPerDifficulty=1"
    };
    evaluate("small", words);
    assertThatThrownBy(() -> evaluate(OptionalInt.of(9), "small", words))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("evaluate 9: run small has run.iterations = 0, the last is 0");
    assertThat(status("small")).isEqualTo("finished");

    String[] more = words.clone();
    more[0] = "run.iterations=7";
    assertThatThrownBy(() -> evaluate(OptionalInt.of(3), "small", more))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "policy 3 is none of those that evaluate.every = 5 evaluates, which are every multiple of it and the last, 7; name one of these");
  }

  private static String status(String run) {
    return rows("SELECT status FROM runs WHERE run_id = '%s' ORDER BY sequence DESC".formatted(run))
        .get(0)
        .getString(0);
  }

  private static String evaluate(String run, String... words) {
    return evaluate(OptionalInt.empty(), run, words);
  }

  private static String evaluate(OptionalInt policyVersion, String run, String... words) {
    StringWriter out = new StringWriter();
    JobCall call =
        JobCall.of(
            TinyRuns.config(warehouse, run, words),
            "evaluate",
            Progress.silent(),
            new PrintWriter(out));
    Jobs.EVALUATE.run(
        warehouse, policyVersion.isPresent() ? call.at(policyVersion.getAsInt()) : call);
    return out.toString();
  }

  private static double score(String metric) {
    return new BenchmarkScores(warehouse.session())
        .of("r").stream()
            .filter(one -> one.benchmark().equals("arena") && one.slice().equals("all"))
            .map(BenchmarkScores.Sliced::score)
            .filter(score -> score.metric().label().equals(metric))
            .findFirst()
            .orElseThrow()
            .value();
  }

  private static double number(String sql) {
    return ((Number) rows(sql).get(0).get(0)).doubleValue();
  }

  private static List<Row> rows(String sql) {
    warehouse.registerViewsFor(sql);
    return warehouse.session().sql(sql).collectAsList();
  }
}

package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.InputException;
import io.rephrase.guidance.GroupNormalizedAdvantage;
import io.rephrase.guidance.MeanCentredAdvantage;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.loss.Algorithms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every preset of the catalogue runs an iteration of the arena through the same jobs, and the
 * tables hold what the method says of it: 6 prompts of 1 to 6 steps, groups of 4, one step.
 */
class AlgorithmsIT {

  private static final List<String> WORDS =
      List.of(
          "run.iterations=1",
          "rollout.groupSize=4",
          "rollout.maxTokens=48",
          "rephrase.maxTokens=48",
          "algorithm.normalizer=all",
          "evaluate.benchmarks.arena.difficulties=[1]",
          "spark.chunkPrompts=6");

  @TempDir static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
    warehouse.registerViews();
  }

  @ParameterizedTest
  @EnumSource
  void presetRunsAndItsViewsShowWhatTheTrainerSaw(Algorithms preset) {
    String run = preset.label().replace('+', '-');
    iterate(run, "algorithm.preset=" + preset.label());
    assertThat(number("SELECT count(*) FROM checkpoints WHERE run_id = '%s'", run)).isEqualTo(2);
    assertThat(number("SELECT sum(completion_tokens) FROM training_steps WHERE run_id = '%s'", run))
        .isEqualTo(
            number(
                "SELECT coalesce(sum(completion_tokens), 0) FROM training_samples"
                    + " WHERE run_id = '%s' AND NOT skipped",
                run))
        .isPositive();
    switch (preset) {
      case REPO -> aRephrasingStandsInHardGroupsAlone(run);
      case GRPO, GSPO -> advantagesAreNormalized(run);
      case DR_GRPO -> advantagesAreCentred(run);
      case DAPO -> everyDecidedGroupHasVariance(run);
      case LUFFY -> theExpertStandsInEveryGroup(run);
      case SFT -> theExpertStandsAlone(run);
      case SFT_REPHRASED -> acceptedRephrasingsStandAlone(run);
      case GRPO_NLL -> theExpertStandsBesideEveryGroup(run);
    }
  }

  private static void aRephrasingStandsInHardGroupsAlone(String run) {
    assertThat(rows("SELECT hard, source FROM guidance WHERE run_id = '%s'", run))
        .allMatch(row -> row.getBoolean(0) || row.getString(1).equals("none"))
        .anyMatch(row -> row.getString(1).equals("rephrased"));
    assertThat(number("SELECT count(*) FROM teacher_scores WHERE run_id = '%s'", run)).isZero();
  }

  private static void advantagesAreNormalized(String run) {
    var estimator = new GroupNormalizedAdvantage(new GroupNormalizedAdvantage.Config(1e-6, 1));
    decisions(run)
        .forEach(d -> assertThat(d.advantages()).isEqualTo(estimator.estimate(d.rewardsAfter())));
    assertThat(decisions(run)).hasSize(6).allMatch(d -> d.source().equals("none"));
  }

  private static void advantagesAreCentred(String run) {
    var estimator = new MeanCentredAdvantage();
    decisions(run)
        .forEach(d -> assertThat(d.advantages()).isEqualTo(estimator.estimate(d.rewardsAfter())));
  }

  private static void everyDecidedGroupHasVariance(String run) {
    assertThat(decisions(run)).isNotEmpty().noneMatch(Decided::zeroVariance);
    assertThat(number("SELECT count(*) FROM rollout_groups WHERE run_id = '%s' AND kept", run))
        .isEqualTo(decisions(run).size());
    // The first round draws six; each later one what is missing; none draws a prompt again.
    List<Row> rounds =
        rows(
            "SELECT round, count(*), min(position), count(DISTINCT prompt_id) FROM rollout_groups"
                + " WHERE run_id = '%s' GROUP BY round ORDER BY round",
            run);
    assertThat(rounds).hasSizeBetween(2, 3);
    long position = 0;
    for (Row round : rounds) {
      assertThat((long) round.getInt(2)).isEqualTo(position);
      assertThat(round.getLong(3)).isEqualTo(round.getLong(1));
      position += round.getLong(1);
    }
    assertThat(
            number("SELECT count(DISTINCT prompt_id) FROM rollout_groups WHERE run_id = '%s'", run))
        .isEqualTo(position);
    List<Row> planned =
        rows(
            "SELECT prompts FROM runs WHERE run_id = '%s' AND status = 'planned'"
                + " AND stage = 'rollout' ORDER BY sequence",
            run);
    assertThat(planned).hasSize(rounds.size() + 1);
    assertThat(planned.get(planned.size() - 1).getInt(0)).isZero();
    assertThat(number("SELECT dropped_rollout_tokens FROM token_costs WHERE run_id = '%s'", run))
        .isPositive();
  }

  private static void theExpertStandsInEveryGroup(String run) {
    assertThat(rows("SELECT rollouts.sample_index FROM rollout_groups WHERE run_id = '%s'", run))
        .hasSize(6)
        .allMatch(row -> row.getList(0).equals(List.of(1, 2, 3)));
    for (Decided decided : decisions(run)) {
      assertThat(decided.source()).isEqualTo("teacher");
      assertThat(decided.rewards()[0]).isNaN();
      assertThat(decided.rewardsAfter()[0]).isEqualTo(1);
      assertThat(decided.advantages())
          .isEqualTo(new MeanCentredAdvantage().estimate(decided.rewardsAfter()));
    }
    Row used =
        rows(
                "SELECT sum(hard_groups), sum(utilized_by_substitution + utilized_by_luck)"
                    + " FROM hard_sample_utilization WHERE run_id = '%s'",
                run)
            .get(0);
    assertThat(used.getLong(1)).isEqualTo(used.getLong(0)).isPositive();
    // k and the end of its turn, in letters: less probable than what the policy solved by itself.
    Row style = rows("SELECT * FROM style_distance WHERE run_id = '%s'", run).get(0);
    assertThat(style.<Double>getAs("teacher_log_prob"))
        .isLessThan(style.<Double>getAs("solved_log_prob"));
  }

  private static void theExpertStandsAlone(String run) {
    assertThat(decisions(run)).hasSize(6).allMatch(d -> d.source().equals("teacher"));
    assertThat(
            rows("SELECT source, advantage, text FROM training_samples WHERE run_id = '%s'", run))
        .hasSize(6)
        .allMatch(row -> row.getString(0).equals("teacher") && row.getDouble(1) == 1)
        .allMatch(row -> row.getString(2).contains("#"));
    Row costs =
        rows(
                "SELECT sampled_tokens, trained_tokens, optimizer_steps FROM token_costs WHERE run_id = '%s'",
                run)
            .get(0);
    assertThat(costs.getLong(0)).isZero();
    assertThat(costs.getLong(1)).isPositive();
    assertThat(costs.getLong(2)).isEqualTo(1);
  }

  private static void acceptedRephrasingsStandAlone(String run) {
    long accepted =
        number(
            "SELECT count(DISTINCT prompt_id) FROM rephrasings WHERE run_id = '%s' AND accepted",
            run);
    assertThat(rows("SELECT source FROM training_samples WHERE run_id = '%s' AND NOT skipped", run))
        .hasSize((int) accepted)
        .allMatch(row -> row.getString(0).equals("rephrased"))
        .isNotEmpty();
    assertThat(number("SELECT sum(skipped_groups) FROM training_steps WHERE run_id = '%s'", run))
        .isEqualTo(6 - accepted);
  }

  private static void theExpertStandsBesideEveryGroup(String run) {
    assertThat(
            rows(
                "SELECT count(*), count_if(source = 'teacher'), max_by(advantage, sample_index)"
                    + " FROM training_samples WHERE run_id = '%s' GROUP BY prompt_id",
                run))
        .hasSize(6)
        .allMatch(row -> row.getLong(0) == 5 && row.getLong(1) == 1 && row.getDouble(2) == 1);
    assertThat(decisions(run)).allMatch(d -> d.source().equals("none"));
  }

  @Test
  void imitationOfTheExpertLowersItsLoss() {
    iterate(
        "sft-steps",
        "algorithm.preset=sft",
        "run.iterations=3",
        "train.learningRate=2e-3",
        "evaluate.every=3");
    List<Row> losses =
        rows("SELECT loss FROM training_steps WHERE run_id = '%s' ORDER BY step", "sft-steps");
    assertThat(losses).hasSize(3);
    assertThat(losses.get(2).getDouble(0)).isLessThan(0.8 * losses.get(0).getDouble(0));
  }

  @Test
  void nothingToImitateIsCountedAndMovesNothing() {
    // A rephrasing of one token is truncated: none is accepted, in either iteration.
    iterate(
        "nothing",
        "algorithm.preset=sft-rephrased",
        "rephrase.maxTokens=1",
        "rephrase.when=eager",
        "run.iterations=2",
        "evaluate.every=2");
    assertThat(
            rows(
                "SELECT skipped_groups, loss, gradient_norm, skipped, substituted_tokens"
                    + " FROM training_steps WHERE run_id = '%s'",
                "nothing"))
        .hasSize(2)
        .allMatch(row -> row.getInt(0) == 6 && row.isNullAt(1) && row.isNullAt(2))
        .allMatch(row -> !row.getBoolean(3) && row.getLong(4) == 0);
    assertThat(
            number(
                "SELECT count(DISTINCT sha256['model.safetensors']) FROM checkpoints"
                    + " WHERE run_id = '%s' AND policy_version > 0",
                "nothing"))
        .isEqualTo(1);
    Row costs =
        rows(
                "SELECT sum(rollout_tokens), sum(rejected_rephrasing_tokens), sum(optimizer_steps)"
                    + " FROM token_costs WHERE run_id = '%s'",
                "nothing")
            .get(0);
    // Eager, so that no gate and no rollout is needed: one token an attempt, 6 attempts, twice.
    assertThat(costs).isEqualTo(RowFactory.create(0L, 12L, 0L));
  }

  @Test
  void dynamicSamplingWithoutAnyVarianceMakesNoUpdate() {
    // All but greedy: the rollouts of a group are the same, in each of the two rounds.
    iterate(
        "greedy",
        "algorithm.preset=dapo",
        "rollout.temperature=0.001",
        "rollout.resample.maxRounds=2");
    assertThat(
            rows(
                "SELECT round, kept, count(*) FROM rollout_groups WHERE run_id = '%s'"
                    + " GROUP BY round, kept ORDER BY round",
                "greedy"))
        .containsExactly(RowFactory.create(0, false, 6L), RowFactory.create(1, false, 6L));
    assertThat(decisions("greedy")).isEmpty();
    assertThat(
            rows("SELECT groups, gradient_norm FROM training_steps WHERE run_id = '%s'", "greedy"))
        .containsExactly(RowFactory.create(0, null));
    assertThat(number("SELECT count(*) FROM checkpoints WHERE run_id = '%s'", "greedy"))
        .isEqualTo(2);
  }

  @Test
  void penaltyAndBonusTakeInTheGroupsThatTeachNothing() {
    iterate(
        "penalty",
        "algorithm.preset=grpo",
        "algorithm.normalizer=all",
        "algorithm.kl.coefficient=0.1",
        "algorithm.entropy.coefficient=0.01");
    assertThat(
            number(
                "SELECT sum(on_policy_tokens) FROM training_steps WHERE run_id = '%s'", "penalty"))
        .isEqualTo(
            number(
                "SELECT sum(completion_tokens) FROM rollouts WHERE run_id = '%s'"
                    + " AND NOT truncated",
                "penalty"));
    assertThat(
            number(
                "SELECT sum(zero_variance_groups) FROM training_steps WHERE run_id = '%s'",
                "penalty"))
        .isPositive();
  }

  @Test
  void correctionsWeighTheRephrasingsTokensByTheStoredProbabilities() {
    // Done once, whichever test comes first: its preset's test has the same run.
    iterate("repo", "algorithm.preset=repo");
    double[] step = step("repo");
    List<Corrected> tokens = substitutedTokens("repo");
    assertThat(tokens).isNotEmpty();
    for (String kind : List.of("ratio", "decoupled", "shaped")) {
      iterate(kind, "algorithm.preset=repo", "algorithm.correction.kind=" + kind);
      double difference = 0;
      for (Corrected token : tokens) {
        difference += (token.loss(kind) + token.advantage()) / step[1];
      }
      // float32 forwards of the same weights in another batch: some 1e-6 nats a token
      assertThat(step(kind)[0] - step[0]).as(kind).isCloseTo(difference, within(2e-5));
      assertThat(Math.abs(difference)).as(kind).isGreaterThan(1e-4);
    }
  }

  /** A token of an o_rep in the place of a rollout; uncorrected its loss is -A, for x is 1. */
  private record Corrected(double advantage, double underQ, double mu) {
    double loss(String kind) {
      double x = Math.exp(underQ - mu);
      double p = Math.exp(underQ);
      return switch (kind) {
        case "ratio" -> -Math.min(x * advantage, Math.max(0.8, Math.min(1.2, x)) * advantage);
        case "decoupled" -> -Math.min(2, x) * advantage;
        case "shaped" -> -advantage * p / (p + 0.1);
        default -> throw new IllegalArgumentException(kind);
      };
    }
  }

  private static List<Corrected> substitutedTokens(String run) {
    List<Corrected> tokens = new ArrayList<>();
    for (Row row :
        rows(
            "SELECT advantage, log_probs_under_q, log_probs_under_pqk FROM substitutions"
                + " JOIN rephrasings USING (run_id, iteration, dataset, prompt_id)"
                + " WHERE run_id = '%s' AND attempt = attempt_index",
            run)) {
      List<Float> underQ = row.getList(1);
      List<Float> mu = row.getList(2);
      for (int t = 0; t < mu.size(); t++) {
        tokens.add(new Corrected(row.getDouble(0), underQ.get(t), mu.get(t)));
      }
    }
    return tokens;
  }

  /** Loss and the tokens it is divided by. */
  private static double[] step(String run) {
    Row row = rows("SELECT loss, groups FROM training_steps WHERE run_id = '%s'", run).get(0);
    long tokens =
        number(
            "SELECT sum(t.completion_tokens) FROM training_samples t LEFT JOIN rollouts r"
                + " USING (run_id, iteration, dataset, prompt_id, round, sample_index)"
                + " WHERE run_id = '%s' AND NOT skipped"
                + " AND (t.source <> 'rollout' OR NOT r.truncated)",
            run);
    return new double[] {row.getDouble(0), tokens};
  }

  @Test
  void filterKeepsOffWhatTheBareQuestionFindsImprobable() {
    iterate(
        "filter",
        "algorithm.preset=repo",
        "algorithm.correction.kind=geometric-filter",
        "algorithm.correction.tau=1e-9");
    assertThat(rows("SELECT DISTINCT source FROM guidance WHERE run_id = '%s'", "filter"))
        .hasSize(1)
        .allMatch(row -> row.getString(0).equals("none"));
    assertThat(
            number(
                "SELECT count(*) FROM guidance WHERE run_id = '%s'"
                    + " AND reason = 'off-distribution'",
                "filter"))
        .isPositive();
  }

  @Test
  void presetThatLearnsFromExpertsRefusesPromptsWithoutThem() throws IOException {
    Path file = folder.resolve("bare.jsonl");
    StringBuilder lines = new StringBuilder();
    for (int level = 1; level <= 6; level++) {
      lines.append(
          "{\"prompt_id\": \"b%d\", \"question\": \"Q%d+1:\", \"gold\": \"%d\", \"difficulty\": %d}\n"
              .formatted(level, level, level + 1, level));
    }
    Files.writeString(file, lines);
    assertThatThrownBy(
            () ->
                iterate(
                    "bare",
                    "algorithm.preset=sft",
                    "data.datasets=[bare]",
                    "data.sources.bare.path=" + file,
                    "data.sources.bare.verifier=arena",
                    "data.sources.bare.split=train"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("algorithm.preset = sft learns from experts' solutions, and none");
  }

  private static void iterate(String run, String... words) {
    List<String> all = new ArrayList<>(WORDS);
    all.addAll(List.of(words));
    Jobs.ITERATE.run(warehouse, TinyRuns.call(warehouse, run, all.toArray(String[]::new)));
  }

  private record Decided(
      String source,
      boolean zeroVariance,
      double[] rewards,
      double[] rewardsAfter,
      double[] advantages) {}

  private static List<Decided> decisions(String run) {
    return warehouse.read(Tables.GUIDANCE).where("run_id = '" + run + "'").collectAsList().stream()
        .map(
            row ->
                new Decided(
                    row.getAs("source"),
                    row.<Boolean>getAs("zero_variance"),
                    numbers(row, "rewards"),
                    numbers(row, "rewards_after"),
                    numbers(row, "advantages")))
        .toList();
  }

  private static double[] numbers(Row row, String column) {
    List<Double> values = row.getList(row.fieldIndex(column));
    return values.stream().mapToDouble(value -> value == null ? Double.NaN : value).toArray();
  }

  private static List<Row> rows(String sql, String run) {
    return SparkTestSession.get().sql(sql.formatted(run)).collectAsList();
  }

  private static long number(String sql, String run) {
    return ((Number) rows(sql, run).get(0).get(0)).longValue();
  }
}

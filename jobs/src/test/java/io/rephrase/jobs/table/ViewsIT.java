package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.data.FinishReason;
import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.LaterVerdict;
import io.rephrase.data.Rephrasing;
import io.rephrase.data.RunStatus;
import io.rephrase.data.StageTime;
import io.rephrase.data.VerdictStatus;
import io.rephrase.jobs.spark.SparkTestSession;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalog.Table;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One iteration of three groups of two rollouts: p0 is hard (0, 0) and rollout 1 is substituted, p1
 * is hard (1, 0) and lucky, p2 is easy (1, 1). Run t has an expert: in slot 0 of p0, imitated on
 * p1, beside the rollouts of p2; p3 was dropped.
 */
class ViewsIT {

  @TempDir static Path folder;
  private static SparkSession session;
  private static Warehouse warehouse;

  @BeforeAll
  static void fillTheWarehouse() {
    session = SparkTestSession.get();
    warehouse = Warehouse.open(session, folder.toString());
    write(
        Tables.ROLLOUT_GROUPS,
        Fixtures.group("r", 0, 0, 0, 0),
        Fixtures.group("r", 0, 1, 1, 0),
        Fixtures.group("r", 0, 2, 1, 1));
    write(
        Tables.GUIDANCE,
        decision(0, 1.0, true, true, new double[] {0, 0}, new double[] {0, 1}),
        decision(1, 0.5, true, false, new double[] {1, 0}, new double[] {1, 0}),
        decision(2, 0.0, false, false, new double[] {1, 1}, new double[] {1, 1}));
    write(Tables.REPHRASINGS, rephrasing(0, false), rephrasing(1, true));
    TaughtGroups.write(warehouse);
    write(
        Tables.VERDICTS,
        new LaterVerdict(
            "r",
            0,
            0,
            "sums",
            "p1",
            0,
            "rollout/1",
            "math",
            "2",
            Instant.EPOCH,
            Optional.of(1.0),
            Optional.of("7"),
            "boxed",
            VerdictStatus.CORRECT,
            Optional.empty()));
    warehouse
        .controlTables()
        .append(
            Tables.STAGE_TIMES, List.of(rolloutTime(4, 5.0, 2), rolloutTime(1, 0.5, 1)), "r/times");
    warehouse
        .controlTables()
        .append(
            Tables.TRAINING_STEPS,
            List.of(Fixtures.step("r", 0, 0), Fixtures.step("r", 0, 1)),
            "steps");
    RunLog log =
        RunLog.open(
            warehouse.controlTables(),
            new RunLog.Author("r", "iterate", "test"),
            Clock.systemUTC());
    log.began(RunStatus.STARTED, "{}", "h", Map.of());
    log.note(RunStatus.FINISHED, "all done");
    warehouse.registerViews();
  }

  @Test
  void aQuerysOwnTablesAndViewsAreRegisteredAndThoseTheyRead() {
    assertThat(registeredFor("SELECT max(iteration) FROM Style_Distance"))
        .containsExactlyInAnyOrder(
            "style_distance", "rollouts", "rollout_groups", "rephrasings", "teacher_scores");
    assertThat(registeredFor("SELECT * FROM runs", "SELECT * FROM guidance"))
        .containsExactlyInAnyOrder("runs", "guidance");
    assertThat(registeredFor("SHOW VIEWS")).hasSize(Tables.values().length + Views.values().length);
  }

  private static List<String> registeredFor(String... queries) {
    SparkSession own = warehouse.session().newSession();
    Warehouse.openForReading(own, warehouse.root()).registerViewsFor(queries);
    return own.catalog().listTables().collectAsList().stream().map(Table::name).toList();
  }

  @Test
  void theTrainersSamplesCarrySourceAndAdvantage() {
    assertThat(
            rows(
                "SELECT position, sample_index, source, reward, advantage, text, completion_tokens"
                    + " FROM training_samples WHERE run_id = 'r' AND position = 0 ORDER BY sample_index"))
        .containsExactly(
            RowFactory.create(0, 0, "rollout", 0.0, -0.7, "so it is 7", 2),
            RowFactory.create(0, 1, "rephrased", 1.0, 0.7, "rephrased 1", 3));
    assertThat(rows("SELECT count(*) FROM training_samples WHERE run_id = 'r'"))
        .containsExactly(RowFactory.create(6L));
  }

  @Test
  void theExpertIsAMemberWhereTheDecisionSaysSo() {
    assertThat(
            rows(
                "SELECT position, sample_index, source, sampled_reward, reward, advantage, text,"
                    + " completion_tokens FROM training_samples WHERE run_id = 't'"
                    + " ORDER BY position, sample_index"))
        .containsExactly(
            RowFactory.create(0, 0, "teacher", null, 1.0, 0.5, null, 3),
            RowFactory.create(0, 1, "rollout", 0.0, 0.0, -0.5, "so it is 7", 2),
            RowFactory.create(1, 0, "teacher", null, 1.0, 1.0, null, 3),
            RowFactory.create(2, 0, "rollout", 1.0, 1.0, 0.7, "so it is 7", 2),
            RowFactory.create(2, 1, "rollout", 0.0, 0.0, -0.7, "so it is 7", 2),
            RowFactory.create(2, 2, "teacher", null, 1.0, 1.0, null, 3));
  }

  @Test
  void theExpertsSlotUsesEveryHardGroup() {
    assertThat(
            rows(
                "SELECT groups, hard_groups, substituted_groups, utilized_by_substitution,"
                    + " utilized_by_luck FROM hard_sample_utilization WHERE run_id = 't'"))
        .containsExactly(RowFactory.create(3L, 1L, 1L, 1L, 0L));
    assertThat(
            rows(
                "SELECT prompt_id, reward_before, reward_after, teacher_tokens FROM substitutions"
                    + " WHERE run_id = 't' ORDER BY prompt_id"))
        .containsExactly(
            RowFactory.create("p0", null, 1.0, 3), RowFactory.create("p1", null, 1.0, 3));
  }

  @Test
  void droppedGroupsCountInTheBudget() {
    // Rollouts of 2 tokens: one of p0, none of p1, two of p2, two of p3, which was dropped.
    assertThat(
            rows(
                "SELECT rollout_tokens, dropped_rollout_tokens, sampled_tokens FROM token_costs"
                    + " WHERE run_id = 't'"))
        .containsExactly(RowFactory.create(10L, 4L, 10L));
  }

  @Test
  void theExpertsWordsAreLessProbableThanThePolicysOwn() {
    // Experts: nine tokens of -2 nats. Rollouts of reward 1: that of p2, (-0.5 - 0.25) / 2.
    assertThat(
            rows(
                "SELECT teacher_log_prob, rephrased_log_prob, solved_log_prob FROM style_distance"
                    + " WHERE run_id = 't'"))
        .containsExactly(RowFactory.create(-2.0, null, -0.375));
  }

  @Test
  void hardGroupsAreUtilizedBySubstitutionOrByLuck() {
    assertThat(
            rows(
                "SELECT groups, hard_groups, substituted_groups, utilized_by_substitution,"
                    + " utilized_by_luck FROM hard_sample_utilization WHERE run_id = 'r'"))
        .containsExactly(RowFactory.create(3L, 2L, 1L, 1L, 1L));
  }

  @Test
  void aSubstitutionShowsTheRewardBeforeAndAfter() {
    assertThat(
            rows(
                "SELECT prompt_id, attempt_index, substituted_index, reward_before, reward_after,"
                    + " advantage, rephrasing_tokens FROM substitutions WHERE run_id = 'r'"))
        .containsExactly(RowFactory.create("p0", 1, 1, 0.0, 1.0, 0.7, 3));
  }

  @Test
  void rewardsAreThoseSampled() {
    // Six rollouts, rewards 0 0 1 0 1 1: mean 1/2, population deviation 1/2.
    assertThat(
            rows(
                "SELECT rollouts, rewarded_rollouts, mean_reward, reward_deviation, zero_rewards,"
                    + " full_rewards FROM reward_distribution WHERE run_id = 'r'"))
        .containsExactly(RowFactory.create(6L, 6L, 0.5, 0.5, 3L, 3L));
  }

  @Test
  void aLaterVerdictThatDiffersIsADisagreement() {
    assertThat(
            rows(
                "SELECT prompt_id, sample_index, inline_reward, reward FROM verifier_disagreements"))
        .containsExactly(RowFactory.create("p1", 1, 0.0, 1.0));
  }

  @Test
  void tokensAreCountedWhetherOrNotTheyWereUsed() {
    // Six rollouts of 2 tokens; two attempts of 4 sampled tokens, one accepted: 12 + 4 + 4 = 20.
    assertThat(
            rows(
                "SELECT rollout_tokens, accepted_rephrasing_tokens, rejected_rephrasing_tokens,"
                    + " sampled_tokens FROM token_costs WHERE run_id = 'r'"))
        .containsExactly(RowFactory.create(12L, 4L, 4L, 20L));
  }

  @Test
  void aStagesSecondsAreTheModelsAndTheRest() {
    // Two engines computed 5 s together in 4 s: 2.5 s each, 1.5 s around them. Resumed, another
    // second, half of it the model's.
    assertThat(
            rows(
                "SELECT stage, seconds, model_seconds, other_seconds, spark_jobs"
                    + " FROM stage_seconds"))
        .containsExactly(RowFactory.create("rollout", 5.0, 3.0, 2.0, 6L));
  }

  private static StageTime rolloutTime(double seconds, double modelSeconds, int engines) {
    return new StageTime(
        "r",
        0,
        "rollout",
        Instant.ofEpochSecond(engines),
        seconds,
        modelSeconds,
        seconds,
        modelSeconds,
        engines,
        3);
  }

  @Test
  void aRunShowsItsNewestEventAndItsFirstConfiguration() {
    assertThat(rows("SELECT run_id, status, message, events, config_json FROM runs_latest"))
        .containsExactly(RowFactory.create("r", "finished", "all done", 2L, "{}"));
  }

  @Test
  void attemptsAreCountedByTheirOutcome() {
    assertThat(
            rows(
                "SELECT hard, outcome, attempts, prompts, sampled_tokens FROM rephrase_outcomes"
                    + " ORDER BY outcome"))
        .containsExactly(
            RowFactory.create(true, "accepted", 1L, 1L, 4L),
            RowFactory.create(true, "wrong", 1L, 1L, 4L));
  }

  @Test
  void stabilityIsAnIterationsStepsTogether() {
    // Two equal steps over two groups, one hard and substituted: means are those of one step,
    // counts
    // twice. Of the two hard groups one was rephrased, in two attempts, and one of them accepted.
    assertThat(
            rows(
                "SELECT steps, skipped_steps, groups, hard_rate, substitution_rate, surprisal,"
                    + " entropy, entropy_substituted, clip_fraction_high, kl_reference,"
                    + " trained_tokens, hard_groups_rephrased, hard_groups_accepted,"
                    + " rephrase_acceptance FROM stability"))
        .containsExactly(
            RowFactory.create(
                2L, 0L, 4L, 0.5, 0.5, 0.375, 0.5, 0.75, 0.25, null, 16L, 1L, 1L, 1.0));
  }

  private static List<Row> rows(String sql) {
    return session.sql(sql).collectAsList();
  }

  private static void write(Tables table, Record... values) {
    Fixtures.write(warehouse, table, List.of(values));
  }

  private static Guidance decision(
      int position,
      double failureRate,
      boolean hard,
      boolean substituted,
      double[] rewards,
      double[] after) {
    return new Guidance(
        "r",
        0,
        0,
        "sums",
        "p" + position,
        0,
        position,
        failureRate,
        2,
        hard,
        substituted ? GuidanceSource.REPHRASED : GuidanceSource.NONE,
        substituted ? Optional.of(1) : Optional.empty(),
        substituted ? Optional.of(1) : Optional.empty(),
        after[0] == after[1],
        false,
        hard ? "hard" : "easy",
        "inline",
        rewards,
        after,
        substituted ? new double[] {-0.7, 0.7} : new double[] {0.7, -0.7});
  }

  private static Rephrasing rephrasing(int attempt, boolean accepted) {
    return new Rephrasing(
        "r",
        0,
        0,
        "sums",
        "p0",
        attempt,
        0,
        0,
        5,
        FinishReason.EOS,
        Optional.of(accepted ? 1.0 : 0.0),
        Optional.empty(),
        Optional.of("boxed"),
        Optional.of(accepted ? VerdictStatus.CORRECT : VerdictStatus.WRONG),
        accepted,
        accepted ? Optional.empty() : Optional.of(io.rephrase.data.RejectReason.WRONG),
        Optional.of(0.25),
        Optional.of(3),
        Optional.empty(),
        0,
        2,
        Optional.empty(),
        9,
        Optional.empty(),
        "rephrased " + attempt,
        "raw",
        new int[] {1, 2, 3, 4},
        new float[] {-1, -1, -1, -1},
        new int[] {1, 2, 9},
        new float[] {-1, -1, -1},
        new float[] {-2, -2, -2});
  }
}

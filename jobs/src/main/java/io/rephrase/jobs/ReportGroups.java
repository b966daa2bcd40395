package io.rephrase.jobs;

import io.rephrase.jobs.report.GroupView;
import io.rephrase.jobs.report.GroupView.Answer;
import io.rephrase.jobs.report.GroupView.Attempt;
import io.rephrase.jobs.report.GroupView.Decision;
import io.rephrase.jobs.report.ReportData.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Chooses the groups that a page shows in full, and reads them. */
final class ReportGroups {

  /** Bytes of text on one page; the page itself stays below some 15 MB. */
  private static final long MAX_BYTES = 9_000_000;

  /** The choice in words, for the page. */
  private static final String RULE =
      "of every five, three substituted groups, one hard group without a substitute and one other, as far as there are, drawn by a fixed hash of their keys";

  /**
   * Ranks within the three kinds, divided by the kind's share, make one order; where a kind is
   * exhausted the others go on. Narrow rows are ranked, and only the chosen are read in full.
   */
  private static final String CHOSEN =
      """
      SELECT iteration, dataset, prompt_id, round, priority FROM (
        SELECT *, row_number() OVER (
            PARTITION BY kind ORDER BY xxhash64(iteration, dataset, prompt_id, round))
          / CASE kind WHEN 'substituted' THEN 3 ELSE 1 END AS priority
        FROM (
          SELECT g.iteration, g.dataset, g.prompt_id, g.round,
            CASE WHEN d.source <> 'none' THEN 'substituted' WHEN d.hard THEN 'hard' ELSE 'other' END
              AS kind
          FROM rollout_groups AS g
          LEFT JOIN guidance AS d
            ON d.run_id = g.run_id AND d.iteration = g.iteration AND d.dataset = g.dataset
            AND d.prompt_id = g.prompt_id AND d.round = g.round
          WHERE g.run_id = :run))
      ORDER BY priority, iteration, dataset, prompt_id, round
      LIMIT %d""";

  private static final String FULL =
      """
      WITH chosen AS (%s),
      attempts AS (
        SELECT r.iteration, r.dataset, r.prompt_id, array_sort(collect_list(struct(
            r.attempt, r.text, size(r.token_ids) AS tokens, r.finish_reason, r.reward, r.extracted,
            r.rule, r.status, r.error, r.raw_text, r.accepted, r.reject_reason, r.copy_share,
            r.longest_common_run, r.reasoning_share))) AS attempts
        FROM rephrasings AS r
        LEFT SEMI JOIN chosen ON chosen.iteration = r.iteration AND chosen.dataset = r.dataset
          AND chosen.prompt_id = r.prompt_id
        WHERE r.run_id = :run GROUP BY r.iteration, r.dataset, r.prompt_id)
      SELECT g.iteration, g.dataset, g.prompt_id, g.round, g.difficulty,
        transform(g.rollouts, r -> struct(
          r.sample_index, r.text, size(r.token_ids) AS tokens, r.finish_reason, r.reward,
          r.extracted, r.rule, r.status, r.error)) AS rollouts,
        p.question, p.gold, p.verifier, p.knowledge, p.knowledge_source, a.attempts,
        d.failure_rate, d.rewarded_rollouts, d.hard, d.source, d.attempt_index,
        d.substituted_index, d.zero_variance, d.skipped, d.reason, d.verdicts_used, d.rewards,
        d.rewards_after, d.advantages
      FROM chosen
      JOIN rollout_groups AS g ON g.run_id = :run AND g.iteration = chosen.iteration
        AND g.dataset = chosen.dataset AND g.prompt_id = chosen.prompt_id AND g.round = chosen.round
      LEFT JOIN guidance AS d ON d.run_id = :run AND d.iteration = chosen.iteration
        AND d.dataset = chosen.dataset AND d.prompt_id = chosen.prompt_id AND d.round = chosen.round
      LEFT JOIN prompts AS p ON p.dataset = chosen.dataset AND p.prompt_id = chosen.prompt_id
      LEFT JOIN attempts AS a ON a.iteration = chosen.iteration AND a.dataset = chosen.dataset
        AND a.prompt_id = chosen.prompt_id
      ORDER BY chosen.priority, g.iteration, g.dataset, g.prompt_id, g.round""";

  private static final String COUNTS =
      """
      SELECT
        (SELECT count(*) FROM rollout_groups WHERE run_id = :run) AS total,
        (SELECT count(*) FROM guidance WHERE run_id = :run AND source <> 'none') AS substituted""";

  private final SparkSession session;

  ReportGroups(SparkSession session) {
    this.session = session;
  }

  /** At most {@code limit} groups, fewer where their texts are long, by iteration. */
  List<GroupView> choose(String runId, int limit) {
    String sql = FULL.formatted(CHOSEN.formatted(limit));
    // Row by row: a few hundred groups of long answers would not fit in the driver at once.
    Iterator<Row> rows = RunSql.query(session, sql, runId).toLocalIterator();
    List<GroupView> groups = new ArrayList<>();
    long bytes = 0;
    while (rows.hasNext()) {
      GroupView group = group(rows.next());
      bytes += group.bytes();
      if (bytes > MAX_BYTES && !groups.isEmpty()) {
        break;
      }
      groups.add(group);
    }
    groups.sort(Comparator.comparingInt(GroupView::iteration));
    return groups;
  }

  Selection selection(String runId, int shown) {
    Row counts = RunSql.query(session, COUNTS, runId).head();
    long total = counts.<Long>getAs("total");
    String rule = shown == total ? "all there are" : RULE;
    return new Selection(total, counts.<Long>getAs("substituted"), shown, rule);
  }

  private static GroupView group(Row row) {
    List<Row> rollouts = row.getList(row.fieldIndex("rollouts"));
    return new GroupView(
        row.<Integer>getAs("iteration"),
        row.getAs("dataset"),
        row.getAs("prompt_id"),
        row.<Integer>getAs("round"),
        optional(row, "difficulty"),
        textOr(row, "question", "(this prompt is no longer in the prompts table)"),
        textOr(row, "gold", ""),
        textOr(row, "verifier", "unknown"),
        optional(row, "knowledge"),
        optional(row, "knowledge_source"),
        rollouts.stream().map(rollout -> answer(rollout, "sample_index")).toList(),
        attempts(row),
        row.isNullAt(row.fieldIndex("hard")) ? Optional.empty() : Optional.of(decision(row)));
  }

  private static List<Attempt> attempts(Row row) {
    int index = row.fieldIndex("attempts");
    if (row.isNullAt(index)) {
      return List.of();
    }
    List<Row> attempts = row.getList(index);
    return attempts.stream().map(ReportGroups::attempt).toList();
  }

  private static Attempt attempt(Row row) {
    return new Attempt(
        answer(row, "attempt"),
        row.getAs("raw_text"),
        row.<Boolean>getAs("accepted"),
        optional(row, "reject_reason"),
        optional(row, "copy_share"),
        optional(row, "longest_common_run"),
        optional(row, "reasoning_share"));
  }

  private static Answer answer(Row row, String index) {
    return new Answer(
        row.<Integer>getAs(index),
        textOr(row, "text", ""),
        row.<Integer>getAs("tokens"),
        row.getAs("finish_reason"),
        optional(row, "reward"),
        optional(row, "extracted"),
        optional(row, "rule"),
        optional(row, "status"),
        optional(row, "error"));
  }

  private static Decision decision(Row row) {
    Double failureRate = row.getAs("failure_rate");
    return new Decision(
        failureRate == null ? Double.NaN : failureRate,
        row.<Integer>getAs("rewarded_rollouts"),
        row.<Boolean>getAs("hard"),
        row.getAs("source"),
        optional(row, "attempt_index"),
        optional(row, "substituted_index"),
        row.<Boolean>getAs("zero_variance"),
        row.<Boolean>getAs("skipped"),
        row.getAs("reason"),
        row.getAs("verdicts_used"),
        numbers(row, "rewards"),
        numbers(row, "rewards_after"),
        numbers(row, "advantages"));
  }

  private static double[] numbers(Row row, String column) {
    List<Double> values = row.getList(row.fieldIndex(column));
    return values.stream().mapToDouble(value -> value == null ? Double.NaN : value).toArray();
  }

  private static String textOr(Row row, String column, String absent) {
    String text = row.getAs(column);
    return text == null ? absent : text;
  }

  private static <T> Optional<T> optional(Row row, String column) {
    return Optional.ofNullable(row.<T>getAs(column));
  }
}

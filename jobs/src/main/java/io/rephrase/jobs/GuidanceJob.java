package io.rephrase.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.rephrase.data.Guidance;
import io.rephrase.guidance.Candidate;
import io.rephrase.guidance.Decision;
import io.rephrase.guidance.GuidancePolicy;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Tables;
import io.rephrase.progress.ProgressStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Decides what happens to each group of an iteration: {@code rollout_groups} and {@code
 * rephrasings} to {@code guidance}. Reads rewards and scores only, never tokens; an iteration's
 * decisions are small and are made on the driver by the one class that decides anywhere.
 */
public final class GuidanceJob implements StageJob {

  private static final String INLINE = "inline";

  private final RunContext run;
  private final RunMethod method;
  private final GuidancePolicy guidance;

  GuidanceJob(RunContext run, RunMethod method) {
    this.run = run;
    this.method = method;
    this.guidance = method.guidance();
  }

  /** As {@code rephrase guide} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.GUIDE, words);
  }

  @Override
  public boolean done(int iteration) {
    return run.done(Stage.GUIDANCE, Tables.GUIDANCE, iteration);
  }

  @Override
  public void run(int iteration) {
    if (done(iteration)) {
      return;
    }
    requireInputs(iteration);
    List<ChunkId> missing =
        run.store().missingChunks(Tables.GUIDANCE, run.log().plan(Stage.GUIDANCE, iteration, 1));
    try (ProgressStage stage =
        run.progress().stage(StageNames.of(run, iteration, "guidance"), 0, "groups")) {
      Map<String, List<Candidate>> candidates = candidates(iteration);
      List<Guidance> decided = new ArrayList<>();
      List<Row> groups = groups(iteration);
      new FailureLimit(run.config().failure().maxRatio())
          .check("rollouts of iteration " + iteration, finishReasons(groups));
      for (Row group : groups) {
        decided.add(decide(iteration, group, candidates));
      }
      decided.sort(Comparator.comparingInt(Guidance::position));
      append(missing.get(0), decided);
      stage.note(words(decided));
    }
  }

  private void requireInputs(int iteration) {
    run.requireDone(Stage.ROLLOUT, Tables.ROLLOUT_GROUPS, iteration);
    if (method.rephrases()) {
      run.requireDone(Stage.REPHRASE, Tables.REPHRASINGS, iteration);
    }
  }

  private List<Row> groups(int iteration) {
    return ofIteration(Tables.ROLLOUT_GROUPS, iteration)
        .where(col("kept"))
        .select(
            col("dataset"),
            col("prompt_id"),
            col("round"),
            col("position"),
            col("policy_version"),
            col("rollouts.reward"),
            col("rollouts.finish_reason"))
        .collectAsList();
  }

  private static List<String> finishReasons(List<Row> groups) {
    List<String> reasons = new ArrayList<>();
    groups.forEach(group -> reasons.addAll(group.getList(6)));
    return reasons;
  }

  private Map<String, List<Candidate>> candidates(int iteration) {
    List<Row> rows =
        ofIteration(Tables.REPHRASINGS, iteration)
            .select(
                col("dataset"),
                col("prompt_id"),
                col("attempt"),
                col("accepted"),
                col("reward"),
                expr("size(token_ids)"),
                mean("log_probs_under_q"),
                mean("log_probs_under_pqk"))
            .collectAsList();
    Map<String, List<Candidate>> byPrompt = new HashMap<>();
    for (Row row : rows) {
      byPrompt
          .computeIfAbsent(key(row), key -> new ArrayList<>())
          .add(
              new Candidate(
                  row.getInt(2),
                  row.getBoolean(3),
                  number(row, 4),
                  row.getInt(5),
                  number(row, 6),
                  number(row, 6) - number(row, 7)));
    }
    byPrompt.values().forEach(list -> list.sort(Comparator.comparingInt(Candidate::attempt)));
    return byPrompt;
  }

  private static Column mean(String array) {
    return expr(
        "if(size(%s) = 0, NULL, aggregate(%s, 0D, (sum, x) -> sum + x) / size(%s))"
            .formatted(array, array, array));
  }

  private Dataset<Row> ofIteration(Tables table, int iteration) {
    return run.warehouse()
        .read(table)
        .where(col("run_id").equalTo(run.runId()).and(col("iteration").equalTo(iteration)));
  }

  private Guidance decide(int iteration, Row group, Map<String, List<Candidate>> candidates) {
    double[] rewards = Rewards.of(group.getList(5));
    Decision decision = guidance.decide(rewards, candidates.getOrDefault(key(group), List.of()));
    return new Guidance(
        run.runId(),
        iteration,
        group.getInt(4),
        group.getString(0),
        group.getString(1),
        group.getInt(2),
        group.getInt(3),
        decision.reading().failureRate(),
        decision.reading().rewarded(),
        decision.reading().hard(),
        decision.source(),
        optional(decision.attempt()),
        optional(decision.substitutedIndex()),
        decision.zeroVariance(),
        decision.skipped(),
        decision.reason().label(),
        INLINE,
        rewards,
        decision.rewardsAfter(),
        decision.advantages());
  }

  private void append(ChunkId chunk, List<Guidance> decided) {
    RecordCodec<Guidance> codec = run.warehouse().codec(Tables.GUIDANCE, Guidance.class);
    List<Row> rows = decided.stream().map(codec::toRow).toList();
    run.store()
        .append(
            Tables.GUIDANCE,
            run.warehouse().session().createDataFrame(rows, codec.schema()).coalesce(1),
            chunk);
  }

  private static String words(List<Guidance> decided) {
    long hard = decided.stream().filter(Guidance::hard).count();
    long substituted = decided.stream().filter(g -> g.substitutedIndex().isPresent()).count();
    return "hard=%d substituted=%d".formatted(hard, substituted);
  }

  private static String key(Row row) {
    return row.getString(0) + "/" + row.getString(1);
  }

  private static double number(Row row, int column) {
    return row.isNullAt(column) ? Double.NaN : row.getDouble(column);
  }

  private static Optional<Integer> optional(OptionalInt value) {
    return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
  }
}

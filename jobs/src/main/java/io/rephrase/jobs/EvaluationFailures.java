package io.rephrase.jobs;

import io.rephrase.data.FinishReason;
import io.rephrase.data.VerdictStatus;
import io.rephrase.jobs.table.PartitionReader;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Tables;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Refuses scores of a run that mislead whoever compares policies. */
final class EvaluationFailures {

  private final RunContext run;
  private final FailureLimit limit;

  EvaluationFailures(RunContext run) {
    this.run = run;
    this.limit = new FailureLimit(run.config().failure().maxRatio());
  }

  /** What is counted of an answer. */
  public record Ending(
      int policyVersion,
      FinishReason finishReason,
      Optional<VerdictStatus> status,
      Optional<String> judgeAnswer) {}

  private static final class Counts {
    private long all;
    private long failed;
    private long judged;
    private long unjudged;
    private String said = "nothing";

    void add(Ending answer) {
      all++;
      failed += answer.finishReason() == FinishReason.ERROR ? 1 : 0;
      judged += answer.judgeAnswer().isPresent() ? 1 : 0;
      if (answer.status().filter(VerdictStatus.JUDGE_FAILED::equals).isPresent()) {
        unjudged++;
        said = answer.judgeAnswer().orElse(said);
      }
    }
  }

  /**
   * Counts the answers of one policy.
   *
   * @throws io.rephrase.TableException if more of them failed than {@code failure.maxRatio} allows
   */
  void requireFew(int policyVersion) {
    count(Map.of("policy_version", Integer.toString(policyVersion))).forEach(this::check);
  }

  /** The same of every policy of the run whose evaluation is done. */
  void requireFew() {
    count(Map.of())
        .forEach(
            (policyVersion, counts) -> {
              if (run.done(Stage.EVALUATE, Tables.EVALUATIONS, policyVersion)) {
                check(policyVersion, counts);
              }
            });
  }

  private Map<Integer, Counts> count(Map<String, String> policies) {
    Map<String, String> partition = new HashMap<>(policies);
    partition.put("run_id", run.runId());
    Map<Integer, Counts> byPolicy = new TreeMap<>();
    new PartitionReader(run.warehouse())
        .forEach(
            Tables.EVALUATIONS,
            Ending.class,
            partition,
            answer ->
                byPolicy.computeIfAbsent(answer.policyVersion(), p -> new Counts()).add(answer));
    return byPolicy;
  }

  private void check(int policyVersion, Counts counts) {
    String what = "evaluation of policy " + policyVersion;
    String wayOut =
        "order `rephrase redo --run %s --iteration %d --stage evaluate`, or raise failure.maxRatio and go on without those answers"
            .formatted(run.runId(), policyVersion);
    limit.check(what, counts.failed, counts.all, "mend the cause and " + wayOut);
    limit.checkJudge(what, counts.unjudged, counts.judged, counts.said, wayOut);
  }
}

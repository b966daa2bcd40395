package io.rephrase.jobs;

import io.rephrase.TableException;
import io.rephrase.data.Guidance;
import io.rephrase.guidance.Candidate;
import io.rephrase.guidance.Decision;
import io.rephrase.guidance.GuidancePolicy;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Tables;
import io.rephrase.progress.ProgressStage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides what happens to each group of an iteration: {@code rollout_groups}, {@code rephrasings}
 * and {@code teacher_scores} to {@code guidance}. Reads rewards and scores only, never tokens; an
 * iteration's decisions are small and are made on the driver by the one class that decides
 * anywhere.
 */
public final class GuidanceJob implements StageJob {

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
      IterationOutcomes outcomes = IterationOutcomes.of(run, iteration);
      List<GroupOutcome> groups = outcomes.groups();
      List<IterationOutcomes.Attempt> attempts =
          method.rephrases() ? outcomes.attempts() : List.of();
      requireFewFailures(iteration, groups, attempts);
      Map<String, List<Candidate>> candidates =
          method.needsTeacher() ? outcomes.experts() : IterationOutcomes.candidates(attempts);
      List<Guidance> decided =
          groups.stream()
              .filter(GroupOutcome::kept)
              .map(group -> decide(iteration, group, candidates, outcomes))
              .toList();
      run.control().append(Tables.GUIDANCE, decided, missing.get(0).transactionId());
      stage.note(words(decided));
    }
  }

  private void requireInputs(int iteration) {
    run.requireDone(Stage.ROLLOUT, Tables.ROLLOUT_GROUPS, iteration);
    if (!run.roundsEnded(method, iteration)) {
      throw new TableException(
          "dynamic sampling of iteration %d of run %s has not ended; go on with `rephrase %s --iteration %d`"
              .formatted(iteration, run.runId(), Stage.ROLLOUT.command(), iteration));
    }
    if (method.rephrases()) {
      run.requireDone(Stage.REPHRASE, Tables.REPHRASINGS, iteration);
    }
    if (method.needsTeacher()) {
      run.requireDone(Stage.TEACHER, Tables.TEACHER_SCORES, iteration);
    }
  }

  /** None is trained on blindly: where too many generations failed, the iteration stops here. */
  private void requireFewFailures(
      int iteration, List<GroupOutcome> groups, List<IterationOutcomes.Attempt> attempts) {
    FailureLimit limit = new FailureLimit(run.config().failure().maxRatio());
    limit.check(
        "rollouts of iteration " + iteration,
        groups.stream()
            .flatMap(group -> group.rollouts().stream())
            .map(GroupOutcome.Outcome::finishReason)
            .toList());
    limit.check(
        "rephrasings of iteration " + iteration,
        attempts.stream().map(IterationOutcomes.Attempt::finishReason).toList());
  }

  private Guidance decide(
      int iteration,
      GroupOutcome group,
      Map<String, List<Candidate>> candidates,
      IterationOutcomes outcomes) {
    double[] rewards = group.rewards();
    String prompt = IterationOutcomes.key(group.dataset(), group.promptId());
    Decision decision = guidance.decide(rewards, candidates.getOrDefault(prompt, List.of()));
    return new Guidance(
        run.runId(),
        iteration,
        group.policyVersion(),
        group.dataset(),
        group.promptId(),
        group.round(),
        group.position(),
        decision.reading().failureRate(),
        decision.reading().rewarded(),
        decision.reading().hard(),
        decision.source(),
        optional(decision.attempt()),
        optional(decision.substitutedIndex()),
        decision.zeroVariance(),
        decision.skipped(),
        decision.reason().label(),
        outcomes.verdictsUsed(group.dataset(), group.promptId()),
        rewards,
        decision.rewardsAfter(),
        decision.advantages());
  }

  private static String words(List<Guidance> decided) {
    long hard = decided.stream().filter(Guidance::hard).count();
    long substituted = decided.stream().filter(g -> g.substitutedIndex().isPresent()).count();
    return "hard=%d substituted=%d".formatted(hard, substituted);
  }

  private static Optional<Integer> optional(OptionalInt value) {
    return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
  }
}

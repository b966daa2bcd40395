package io.rephrase.jobs;

import io.rephrase.data.Guidance;
import io.rephrase.data.Rephrasing;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.TeacherScore;
import io.rephrase.data.TrainingSample;
import io.rephrase.jobs.table.IterationReader;
import io.rephrase.jobs.table.IterationReader.IterationKey;
import io.rephrase.jobs.table.PositionStream;
import io.rephrase.jobs.table.Tables;
import io.rephrase.training.GroupSamples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The final groups of an iteration as the trainer takes them: rollouts and decisions streamed side
 * by side in position order, with the rephrasings and the expert's solutions that were used. What a
 * decision says is taken, never computed again.
 */
final class SampleReader {

  private final RunContext run;

  SampleReader(RunContext run) {
    this.run = run;
  }

  /**
   * One group with its decision.
   *
   * @param group as sampled
   * @param guidance decided for it
   * @param samples of the final group
   */
  record DecidedGroup(RolloutGroup group, Guidance guidance, List<TrainingSample> samples) {}

  /** What can take a rollout's place, by position. */
  private record Offers(
      Map<Integer, List<Rephrasing>> rephrasings, Map<Integer, List<TeacherScore>> experts) {}

  /**
   * The groups of an iteration in position order, those left out included without samples; those
   * that dynamic sampling dropped have no decision and are passed over.
   */
  List<DecidedGroup> read(int iteration) {
    IterationReader reader = new IterationReader(run.warehouse());
    IterationKey key = new IterationKey(run.runId(), iteration);
    long bytes = run.config().rollout().groupBytes();
    List<DecidedGroup> groups = new ArrayList<>();
    Offers offers = offers(reader, key);
    try (PositionStream<RolloutGroup> rollouts =
            reader.open(Tables.ROLLOUT_GROUPS, RolloutGroup.class, key, bytes);
        PositionStream<Guidance> decisions =
            reader.open(Tables.GUIDANCE, Guidance.class, key, 4096)) {
      while (decisions.hasNext()) {
        Guidance decision = decisions.next();
        RolloutGroup group = rollouts.next();
        while (!group.kept() && rollouts.hasNext()) {
          group = rollouts.next();
        }
        groups.add(decided(group, decision, offers));
      }
    }
    return groups;
  }

  private Offers offers(IterationReader reader, IterationKey key) {
    long bytes = run.config().rollout().groupBytes();
    Map<Integer, List<Rephrasing>> rephrasings = new HashMap<>();
    try (PositionStream<Rephrasing> all =
        reader.open(Tables.REPHRASINGS, Rephrasing.class, key, bytes)) {
      while (all.hasNext()) {
        Rephrasing next = all.next();
        if (next.accepted()) {
          rephrasings.computeIfAbsent(next.position(), p -> new ArrayList<>()).add(next);
        }
      }
    }
    Map<Integer, List<TeacherScore>> experts = new HashMap<>();
    try (PositionStream<TeacherScore> all =
        reader.open(Tables.TEACHER_SCORES, TeacherScore.class, key, bytes)) {
      while (all.hasNext()) {
        TeacherScore next = all.next();
        experts.put(next.position(), List.of(next));
      }
    }
    return new Offers(rephrasings, experts);
  }

  private static DecidedGroup decided(RolloutGroup group, Guidance guidance, Offers offers) {
    if (group.position() != guidance.position()) {
      throw new IllegalStateException(
          "group at position %d meets the decision for position %d of iteration %d"
              .formatted(group.position(), guidance.position(), group.iteration()));
    }
    List<Rephrasing> attempts = offers.rephrasings().getOrDefault(group.position(), List.of());
    List<TeacherScore> experts = offers.experts().getOrDefault(group.position(), List.of());
    return new DecidedGroup(group, guidance, GroupSamples.of(group, guidance, attempts, experts));
  }
}

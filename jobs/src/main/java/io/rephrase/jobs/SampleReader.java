package io.rephrase.jobs;

import io.rephrase.data.Guidance;
import io.rephrase.data.Rephrasing;
import io.rephrase.data.RolloutGroup;
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
 * The final groups of an iteration as the trainer takes them: rollouts, decisions and rephrasings
 * streamed side by side in position order. What a decision says is taken, never computed again.
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

  /** The groups of an iteration in position order, those left out included without samples. */
  List<DecidedGroup> read(int iteration) {
    Map<Integer, List<Rephrasing>> accepted = new HashMap<>();
    IterationReader reader = new IterationReader(run.warehouse());
    IterationKey key = new IterationKey(run.runId(), iteration);
    long bytes = run.config().rollout().groupBytes();
    List<DecidedGroup> groups = new ArrayList<>();
    try (PositionStream<Rephrasing> rephrasings =
        reader.open(Tables.REPHRASINGS, Rephrasing.class, key, bytes)) {
      while (rephrasings.hasNext()) {
        Rephrasing next = rephrasings.next();
        if (next.accepted()) {
          accepted.computeIfAbsent(next.position(), position -> new ArrayList<>()).add(next);
        }
      }
    }
    try (PositionStream<RolloutGroup> rollouts =
            reader.open(Tables.ROLLOUT_GROUPS, RolloutGroup.class, key, bytes);
        PositionStream<Guidance> decisions =
            reader.open(Tables.GUIDANCE, Guidance.class, key, 4096)) {
      while (decisions.hasNext()) {
        groups.add(decided(rollouts.next(), decisions.next(), accepted));
      }
    }
    return groups;
  }

  private static DecidedGroup decided(
      RolloutGroup group, Guidance guidance, Map<Integer, List<Rephrasing>> attemptsByPosition) {
    if (group.position() != guidance.position()) {
      throw new IllegalStateException(
          "group at position %d meets the decision for position %d of iteration %d"
              .formatted(group.position(), guidance.position(), group.iteration()));
    }
    List<Rephrasing> attempts = attemptsByPosition.getOrDefault(group.position(), List.of());
    return new DecidedGroup(group, guidance, GroupSamples.of(group, guidance, attempts, List.of()));
  }
}

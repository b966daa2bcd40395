package io.rephrase.jobs;

import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.Rephrasing;
import io.rephrase.data.Rollout;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.TrainingSample;
import io.rephrase.jobs.table.IterationReader;
import io.rephrase.jobs.table.IterationReader.IterationKey;
import io.rephrase.jobs.table.PositionStream;
import io.rephrase.jobs.table.Tables;
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
    Map<String, Rephrasing> used = new HashMap<>();
    IterationReader reader = new IterationReader(run.warehouse());
    IterationKey key = new IterationKey(run.runId(), iteration);
    long bytes = expectedRowBytes();
    List<DecidedGroup> groups = new ArrayList<>();
    try (PositionStream<Rephrasing> rephrasings =
        reader.open(Tables.REPHRASINGS, Rephrasing.class, key, bytes)) {
      while (rephrasings.hasNext()) {
        Rephrasing next = rephrasings.next();
        if (next.accepted()) {
          used.put(next.position() + "/" + next.attempt(), next);
        }
      }
    }
    try (PositionStream<RolloutGroup> rollouts =
            reader.open(Tables.ROLLOUT_GROUPS, RolloutGroup.class, key, bytes);
        PositionStream<Guidance> decisions =
            reader.open(Tables.GUIDANCE, Guidance.class, key, 4096)) {
      while (decisions.hasNext()) {
        groups.add(decided(rollouts.next(), decisions.next(), used));
      }
    }
    return groups;
  }

  private long expectedRowBytes() {
    long tokens = run.config().rollout().maxTokens();
    return Math.max(4096, run.config().rollout().groupSize() * tokens * 12);
  }

  private static DecidedGroup decided(
      RolloutGroup group, Guidance guidance, Map<String, Rephrasing> used) {
    if (group.position() != guidance.position()) {
      throw new IllegalStateException(
          "group at position %d meets the decision for position %d of iteration %d"
              .formatted(group.position(), guidance.position(), group.iteration()));
    }
    List<TrainingSample> samples = new ArrayList<>();
    if (!guidance.skipped()) {
      for (Rollout rollout : group.rollouts()) {
        samples.add(sample(group, guidance, rollout, used));
      }
    }
    return new DecidedGroup(group, guidance, samples);
  }

  private static TrainingSample sample(
      RolloutGroup group, Guidance guidance, Rollout rollout, Map<String, Rephrasing> used) {
    int index = rollout.sampleIndex();
    boolean substituted = guidance.substitutedIndex().equals(java.util.Optional.of(index));
    if (substituted && guidance.source() == GuidanceSource.REPHRASED) {
      Rephrasing rephrasing =
          used.get(group.position() + "/" + guidance.attemptIndex().orElseThrow());
      return new TrainingSample(
          group.position(),
          group.dataset(),
          group.promptId(),
          index,
          GuidanceSource.REPHRASED,
          false,
          guidance.rewardsAfter()[index],
          guidance.advantages()[index],
          group.promptTokenIds(),
          rephrasing.tokenIds(),
          rephrasing.logProbsUnderPqk());
    }
    return new TrainingSample(
        group.position(),
        group.dataset(),
        group.promptId(),
        index,
        GuidanceSource.NONE,
        rollout.truncated(),
        guidance.rewardsAfter()[index],
        guidance.advantages()[index],
        group.promptTokenIds(),
        rollout.tokenIds(),
        new float[0]);
  }
}

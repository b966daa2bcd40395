package io.rephrase.jobs;

import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.OfferedRephrasing;
import io.rephrase.data.OfferedSolution;
import io.rephrase.data.SampledGroup;
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
import java.util.Optional;

/**
 * The final groups of an iteration as the trainer takes them: rollouts streamed in the order of the
 * decisions, with the rephrasings and the expert's solutions that were used. What a decision says
 * is taken, never computed again. Of a group the ids of its samples are kept, and neither texts nor
 * sampled log-probs.
 */
final class SampleReader {

  private static final long DECISION_BYTES = 4096;

  private final IterationReader reader;
  private final IterationKey key;
  private final long groupBytes;

  SampleReader(RunContext run, int iteration) {
    this.reader = new IterationReader(run.warehouse());
    this.key = new IterationKey(run.runId(), iteration);
    this.groupBytes = run.config().rollout().groupBytes();
  }

  /**
   * One group with its decision.
   *
   * @param guidance decided for it
   * @param samples of the final group
   */
  record DecidedGroup(Guidance guidance, List<TrainingSample> samples) {}

  /**
   * The groups of one optimizer step.
   *
   * @param groups in position order
   * @param sampled what their rollouts sum up to
   */
  record StepGroups(List<DecidedGroup> groups, SampledTotals sampled) {

    List<TrainingSample> samples() {
      return groups.stream().flatMap(group -> group.samples().stream()).toList();
    }
  }

  /** What took a rollout's place or stands beside the group, by position. */
  private record Offers(
      Map<Integer, List<OfferedRephrasing>> rephrasings,
      Map<Integer, List<OfferedSolution>> solutions) {}

  /**
   * The groups of the iteration in position order, dealt to steps, those left out included without
   * samples; those that dynamic sampling dropped have no decision and are passed over.
   *
   * @param steps at most; no step is without a group, unless the iteration has none
   */
  List<StepGroups> read(int steps) {
    List<Guidance> decisions = new ArrayList<>();
    reader.forEach(Tables.GUIDANCE, Guidance.class, key, DECISION_BYTES, decisions::add);
    Offers offers = offers(decisions);
    List<StepGroups> read = new ArrayList<>();
    try (PositionStream<SampledGroup> rollouts =
        reader.open(Tables.ROLLOUT_GROUPS, SampledGroup.class, key, groupBytes)) {
      for (List<Guidance> step : deal(decisions, steps)) {
        read.add(step(step, rollouts, offers));
      }
    }
    return read;
  }

  private static StepGroups step(
      List<Guidance> decisions, PositionStream<SampledGroup> rollouts, Offers offers) {
    List<DecidedGroup> groups = new ArrayList<>();
    SampledTotals sampled = new SampledTotals();
    for (Guidance decision : decisions) {
      SampledGroup group = rollouts.next();
      while (!group.kept() && rollouts.hasNext()) {
        group = rollouts.next();
      }
      groups.add(decided(group, decision, offers));
      sampled.add(group);
    }
    return new StepGroups(groups, sampled);
  }

  /**
   * Consecutive positions, a step each, as equal as can be. An iteration without a group has one
   * step without any: it makes no update and leaves its row.
   */
  static <T> List<List<T>> deal(List<T> groups, int steps) {
    if (groups.isEmpty()) {
      return List.of(groups);
    }
    List<List<T>> dealt = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      int from = (int) ((long) groups.size() * step / steps);
      int to = (int) ((long) groups.size() * (step + 1) / steps);
      if (to > from) {
        dealt.add(groups.subList(from, to));
      }
    }
    return dealt;
  }

  /** Those that a decision names, and no other: an attempt that was not picked is let go. */
  private Offers offers(List<Guidance> decisions) {
    Map<Integer, Guidance> byPosition = new HashMap<>();
    decisions.forEach(decision -> byPosition.put(decision.position(), decision));
    Offers offers = new Offers(new HashMap<>(), new HashMap<>());
    reader.forEach(
        Tables.REPHRASINGS,
        OfferedRephrasing.class,
        key,
        groupBytes,
        next ->
            Optional.ofNullable(byPosition.get(next.position()))
                .filter(decision -> takes(decision, next))
                .ifPresent(d -> offers.rephrasings().put(next.position(), List.of(next))));
    reader.forEach(
        Tables.TEACHER_SCORES,
        OfferedSolution.class,
        key,
        groupBytes,
        next ->
            Optional.ofNullable(byPosition.get(next.position()))
                .filter(GroupSamples::takesSolution)
                .ifPresent(d -> offers.solutions().put(next.position(), List.of(next))));
    return offers;
  }

  private static boolean takes(Guidance decision, OfferedRephrasing offered) {
    return decision.source() == GuidanceSource.REPHRASED
        && decision.attemptIndex().orElse(-1) == offered.attempt();
  }

  private static DecidedGroup decided(SampledGroup group, Guidance guidance, Offers offers) {
    if (group.position() != guidance.position()) {
      throw new IllegalStateException(
          "group at position %d meets the decision for position %d of iteration %d"
              .formatted(group.position(), guidance.position(), group.iteration()));
    }
    List<OfferedRephrasing> attempts =
        offers.rephrasings().getOrDefault(group.position(), List.of());
    List<OfferedSolution> solutions = offers.solutions().getOrDefault(group.position(), List.of());
    return new DecidedGroup(guidance, GroupSamples.of(group, guidance, attempts, solutions));
  }
}

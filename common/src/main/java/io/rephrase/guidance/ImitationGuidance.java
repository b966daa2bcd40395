package io.rephrase.guidance;

import io.rephrase.data.GuidanceSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Supervised fine-tuning as a way to guide: what is imitated stands alone in slot 0 with advantage
 * 1, all other members have no reward and advantage 0. {@code sft} imitates the expert's solution,
 * {@code sft-rephrased} an accepted o_rep, the control that asks whether imitating verified
 * rephrasings is all there is to RePO. Stateless and thread-safe.
 */
public final class ImitationGuidance implements GuidancePolicy {

  /** Where the imitated answer stands. */
  public static final int SLOT = 0;

  private final GroupGate gate;
  private final CandidatePick pick;
  private final GuidanceSource source;

  private ImitationGuidance(GroupGate gate, CandidatePick pick, GuidanceSource source) {
    this.gate = gate;
    this.pick = pick;
    this.source = source;
  }

  /** Imitates the expert's solution; the one candidate is that solution. */
  public static ImitationGuidance ofTheTeacher(GroupGate gate) {
    return new ImitationGuidance(gate, CandidatePick.FIRST, GuidanceSource.TEACHER);
  }

  /** Imitates an accepted rephrasing. */
  public static ImitationGuidance ofARephrasing(GroupGate gate, CandidatePick pick) {
    return new ImitationGuidance(gate, pick, GuidanceSource.REPHRASED);
  }

  @Override
  public Decision decide(double[] rewards, List<Candidate> candidates) {
    GroupGate.Reading reading = gate.read(rewards);
    Optional<Candidate> picked = pick.of(candidates.stream().filter(this::usable).toList());
    return picked
        .map(candidate -> alone(reading, rewards.length, candidate))
        .orElseGet(() -> nothing(reading, rewards, candidates));
  }

  /** An expert's solution is imitated whatever its verdict; a rephrasing must be accepted. */
  private boolean usable(Candidate candidate) {
    return source == GuidanceSource.TEACHER || candidate.accepted();
  }

  private Decision alone(GroupGate.Reading reading, int groupSize, Candidate candidate) {
    double[] after = withoutRewards(groupSize);
    after[SLOT] = candidate.reward();
    double[] advantages = new double[groupSize];
    advantages[SLOT] = 1;
    return new Decision(
        reading,
        source,
        source == GuidanceSource.TEACHER
            ? OptionalInt.empty()
            : OptionalInt.of(candidate.attempt()),
        OptionalInt.of(SLOT),
        GuidanceReason.IMITATED,
        after,
        advantages,
        false,
        false);
  }

  private Decision nothing(
      GroupGate.Reading reading, double[] rewards, List<Candidate> candidates) {
    return new Decision(
        reading,
        GuidanceSource.NONE,
        OptionalInt.empty(),
        OptionalInt.empty(),
        candidates.isEmpty() ? whyEmpty() : GuidanceReason.ALL_REJECTED,
        withoutRewards(rewards.length),
        new double[rewards.length],
        true,
        true);
  }

  private GuidanceReason whyEmpty() {
    return source == GuidanceSource.TEACHER
        ? GuidanceReason.NO_KNOWLEDGE
        : GuidanceReason.NO_REPHRASING;
  }

  private static double[] withoutRewards(int groupSize) {
    double[] rewards = new double[groupSize];
    Arrays.fill(rewards, Double.NaN);
    return rewards;
  }
}

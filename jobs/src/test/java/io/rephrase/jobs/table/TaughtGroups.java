package io.rephrase.jobs.table;

import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.TeacherScore;
import io.rephrase.data.VerdictStatus;
import io.rephrase.guidance.GuidanceReason;
import java.util.List;
import java.util.Optional;

/**
 * Run {@code t}, made by hand: the expert in slot 0 of p0, imitated on p1, beside the rollouts of
 * p2. The group of p3 was dropped and has no decision.
 */
final class TaughtGroups {

  private static final double NONE = Double.NaN;

  private TaughtGroups() {}

  static void write(Warehouse warehouse) {
    Fixtures.write(
        warehouse,
        Tables.ROLLOUT_GROUPS,
        List.of(
            withRollouts(Fixtures.group("t", 0, 0, 1, 0), 1, 2, true),
            withRollouts(Fixtures.group("t", 0, 1, 0, 0), 0, 0, true),
            Fixtures.group("t", 0, 2, 1, 0),
            withRollouts(Fixtures.group("t", 0, 3, 1, 1), 0, 2, false)));
    Fixtures.write(
        warehouse,
        Tables.GUIDANCE,
        List.of(
            taught(0, new double[] {NONE, 0}, new double[] {1, 0}, new double[] {0.5, -0.5}),
            imitated(1),
            beside(2)));
    Fixtures.write(warehouse, Tables.TEACHER_SCORES, List.of(score(0), score(1), score(2)));
  }

  /** The rollouts from {@code from} to {@code to} alone. */
  private static RolloutGroup withRollouts(RolloutGroup group, int from, int to, boolean kept) {
    return new RolloutGroup(
        group.runId(),
        group.iteration(),
        group.policyVersion(),
        group.dataset(),
        group.promptId(),
        group.round(),
        group.position(),
        kept,
        group.difficulty(),
        group.promptTokenIds(),
        group.rollouts().subList(from, to));
  }

  private static Guidance taught(
      int position, double[] rewards, double[] after, double[] advantages) {
    return decision(position, GuidanceSource.TEACHER, GuidanceReason.TEACHER_SLOT, rewards)
        .with(after, advantages);
  }

  private static Guidance imitated(int position) {
    return decision(position, GuidanceSource.TEACHER, GuidanceReason.IMITATED, new double[] {NONE})
        .with(new double[] {1}, new double[] {1});
  }

  private static Guidance beside(int position) {
    return decision(
            position, GuidanceSource.NONE, GuidanceReason.TEACHER_BESIDE, new double[] {1, 0})
        .with(new double[] {1, 0}, new double[] {0.7, -0.7});
  }

  private record Draft(
      int position, GuidanceSource source, GuidanceReason reason, double[] rewards) {
    Guidance with(double[] after, double[] advantages) {
      return new Guidance(
          "t",
          0,
          0,
          "sums",
          "p" + position,
          0,
          position,
          1,
          1,
          reason == GuidanceReason.TEACHER_SLOT,
          source,
          Optional.empty(),
          source == GuidanceSource.NONE ? Optional.empty() : Optional.of(0),
          false,
          false,
          reason.label(),
          "inline",
          rewards,
          after,
          advantages);
    }
  }

  private static Draft decision(
      int position, GuidanceSource source, GuidanceReason reason, double[] rewards) {
    return new Draft(position, source, reason, rewards);
  }

  private static TeacherScore score(int position) {
    return new TeacherScore(
        "t",
        0,
        0,
        "sums",
        "p" + position,
        position,
        Optional.of(1.0),
        Optional.of("7"),
        Optional.of("boxed"),
        Optional.of(VerdictStatus.CORRECT),
        Optional.empty(),
        Optional.empty(),
        new int[] {5, 6, 9},
        new float[] {-2, -2, -2});
  }
}

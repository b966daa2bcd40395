package io.rephrase.jobs.table;

import io.rephrase.data.FinishReason;
import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.Rollout;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.StepMetrics;
import io.rephrase.data.VerdictStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Rows made by hand. */
public final class Fixtures {

  private Fixtures() {}

  /** Adds rows of one class to a table, under no mark. */
  @SuppressWarnings("unchecked") // The class of a T is a Class<T>.
  public static <T extends Record> void write(Warehouse warehouse, Tables table, List<T> values) {
    RecordCodec<T> codec = warehouse.codec(table, (Class<T>) values.get(0).getClass());
    warehouse
        .session()
        .createDataset(values.stream().map(codec::toRow).toList(), codec.encoder())
        .write()
        .format("delta")
        .mode("append")
        .save(warehouse.path(table));
  }

  /** A group of rollouts with these rewards, two tokens each. */
  public static RolloutGroup group(String runId, int iteration, int position, double... rewards) {
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < rewards.length; i++) {
      boolean right = rewards[i] == 1;
      rollouts.add(
          new Rollout(
              i,
              1000L + i,
              FinishReason.EOS,
              Double.isNaN(rewards[i]) ? Optional.empty() : Optional.of(rewards[i]),
              Optional.of("7"),
              Optional.of("boxed"),
              Optional.of(right ? VerdictStatus.CORRECT : VerdictStatus.WRONG),
              Optional.empty(),
              12,
              Optional.empty(),
              "so it is 7",
              new int[] {position, i},
              new float[] {-0.5f, -0.25f}));
    }
    return new RolloutGroup(
        runId,
        iteration,
        iteration,
        "sums",
        "p" + position,
        0,
        position,
        true,
        Optional.of(2.0),
        new int[] {1, 2, 3},
        rollouts);
  }

  /** A decision on two rollouts, nothing substituted. */
  public static Guidance guidance(String runId, int iteration, int position) {
    return guidance(runId, iteration, position, new double[] {1, 0});
  }

  /** A decision that substitutes nothing and finds the group easy. */
  public static Guidance guidance(String runId, int iteration, int position, double[] rewards) {
    return new Guidance(
        runId,
        iteration,
        iteration,
        "sums",
        "p" + position,
        0,
        position,
        0.5,
        rewards.length,
        false,
        GuidanceSource.NONE,
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        "easy",
        "inline",
        rewards,
        rewards,
        new double[] {0.7, -0.7});
  }

  /** A step over two groups, one of them hard and substituted. */
  public static StepMetrics step(String runId, int iteration, long step) {
    double none = Double.NaN;
    return new StepMetrics(
        runId, iteration, iteration, step, 1e-4, false, 0.1, 0.8, 2, 1, 1, 1, 0, 0, 0, 0.25, 0.5,
        0.5, 0.58, 0.375, 0.5, 0.75, 0, none, 0, 0.25, 8, 6, 3, 8, 2, 3, 0, -1, 7.4, 2.7, 1, 2.5,
        3.2);
  }

  static @Nullable Object[] cells(Row row) {
    @Nullable Object[] cells = new @Nullable Object[row.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = row.get(i);
    }
    return cells;
  }
}

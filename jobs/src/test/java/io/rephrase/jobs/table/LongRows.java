package io.rephrase.jobs.table;

import io.rephrase.data.FinishReason;
import io.rephrase.data.Rollout;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.VerdictStatus;
import io.rephrase.jobs.spark.SparkTestSession;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * A process that writes one file of groups of 16 rollouts x 8,192 tokens, and reads all of it with
 * Spark and with Delta Kernel. Arguments: warehouse, how many groups.
 */
final class LongRows {

  static final int ROLLOUTS = 16;
  static final int TOKENS = 8192;

  /** As {@code RolloutConfig.groupBytes} has it: 16 x 8,192 x 12 bytes, 1.5 MB. */
  private static final long ROW_BYTES = ROLLOUTS * TOKENS * 12L;

  private static final String RUN = "long";

  private LongRows() {}

  public static void main(String[] args) {
    int groups = Integer.parseInt(args[1]);
    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), args[0]);
    warehouse.expectRows(ROW_BYTES);
    long started = System.nanoTime();
    write(warehouse, groups);
    say("written", groups, started);
    started = System.nanoTime();
    say("spark", tokensBySpark(warehouse), started);
    started = System.nanoTime();
    say("kernel", tokensByKernel(warehouse), started);
    System.exit(0);
  }

  private static void say(String key, long value, long started) {
    System.err.printf("%s=%d seconds=%.1f%n", key, value, (System.nanoTime() - started) / 1e9);
  }

  private static void write(Warehouse warehouse, int groups) {
    RecordCodec<RolloutGroup> codec = warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(warehouse.session().sparkContext())
            .parallelize(List.of(groups), 1)
            .flatMap(new Groups(codec));
    warehouse
        .store()
        .append(
            Tables.ROLLOUT_GROUPS,
            warehouse.session().createDataFrame(rows, codec.schema()),
            new ChunkId(RUN, Stage.ROLLOUT, 0, 0, 0));
  }

  private static long tokensBySpark(Warehouse warehouse) {
    // Every long column is decoded: ids, log-probs and text.
    return warehouse
        .read(Tables.ROLLOUT_GROUPS)
        .selectExpr(
            "sum(aggregate(rollouts, 0L, (n, r) -> n + size(array_compact(r.token_ids))))",
            "sum(aggregate(rollouts, 0L, (n, r) -> n + size(array_compact(r.log_probs))))",
            "sum(aggregate(rollouts, 0L, (n, r) -> n + length(r.text)))")
        .first()
        .getLong(0);
  }

  private static long tokensByKernel(Warehouse warehouse) {
    long tokens = 0;
    try (PositionStream<RolloutGroup> stream =
        new IterationReader(warehouse)
            .open(
                Tables.ROLLOUT_GROUPS,
                RolloutGroup.class,
                new IterationReader.IterationKey(RUN, 0),
                ROW_BYTES)) {
      while (stream.hasNext()) {
        tokens += stream.next().rollouts().stream().mapToLong(r -> r.tokenIds().length).sum();
      }
    }
    return tokens;
  }

  /** Groups of random ids, log-probs and letters, one at a time. */
  private record Groups(RecordCodec<RolloutGroup> codec)
      implements FlatMapFunction<Integer, Row>, Serializable {

    @Override
    public Iterator<Row> call(Integer groups) {
      return IntStream.range(0, groups).mapToObj(p -> codec.toRow(group(p))).iterator();
    }

    private static RolloutGroup group(int position) {
      SplittableRandom random = new SplittableRandom(position);
      List<Rollout> rollouts = new ArrayList<>();
      for (int sample = 0; sample < ROLLOUTS; sample++) {
        rollouts.add(rollout(sample, random));
      }
      RolloutGroup like = Fixtures.group(RUN, 0, position, 1, 0);
      return new RolloutGroup(
          like.runId(),
          like.iteration(),
          like.policyVersion(),
          like.dataset(),
          like.promptId(),
          like.round(),
          like.position(),
          like.kept(),
          like.difficulty(),
          like.promptTokenIds(),
          rollouts);
    }

    private static Rollout rollout(int sample, SplittableRandom random) {
      int[] ids = new int[TOKENS];
      float[] logProbs = new float[TOKENS];
      byte[] text = new byte[4 * TOKENS];
      for (int t = 0; t < TOKENS; t++) {
        int bits = random.nextInt();
        ids[t] = bits & 0x1ffff;
        logProbs[t] = -(bits >>> 8) / (float) (1 << 24);
        text[4 * t] = (byte) ('a' + (bits & 15));
        text[4 * t + 1] = (byte) ('a' + (bits >>> 28));
        text[4 * t + 2] = (byte) ('a' + (bits >>> 4 & 15));
        text[4 * t + 3] = ' ';
      }
      return new Rollout(
          sample,
          sample,
          FinishReason.EOS,
          Optional.of(0.0),
          Optional.empty(),
          Optional.empty(),
          Optional.of(VerdictStatus.WRONG),
          Optional.empty(),
          1,
          Optional.empty(),
          new String(text, StandardCharsets.US_ASCII),
          ids,
          logProbs);
    }
  }
}

package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.data.FinishReason;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.SampledGroup;
import io.rephrase.jobs.GroupOutcome;
import io.rephrase.jobs.spark.SparkTestSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IterationReaderIT {

  @TempDir static Path folder;
  private static SparkSession session;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    session = SparkTestSession.get();
    warehouse = Warehouse.open(session, folder.toString());
  }

  @Test
  void rowsOfInterleavedFilesComeInPositionOrder() {
    // Two chunks of 8 positions, each dealt to two files by position % 2 as executors do; another
    // iteration and another run beside them.
    append("r", 5, 0, 8, 16);
    append("r", 5, 1, 0, 8);
    append("r", 6, 0, 0, 4);
    append("s", 5, 0, 0, 4);

    List<RolloutGroup> groups = read("r", 5);

    assertThat(groups)
        .extracting(RolloutGroup::position)
        .containsExactlyElementsOf(IntStream.range(0, 16).boxed().toList());
    assertThat(groups.get(9)).usingRecursiveComparison().isEqualTo(Fixtures.group("r", 5, 9, 1, 0));
    assertThat(read("r", 6)).hasSize(4);
    assertThat(read("r", 7)).isEmpty();
  }

  @Test
  void decisionsReadRewardsWithoutTokens() {
    append("rewards", 0, 0, 0, 3);

    List<GroupOutcome> groups = new ArrayList<>();
    try (PositionStream<GroupOutcome> stream =
        new IterationReader(warehouse)
            .open(
                Tables.ROLLOUT_GROUPS,
                GroupOutcome.class,
                new IterationReader.IterationKey("rewards", 0),
                4096)) {
      stream.forEachRemaining(groups::add);
    }

    GroupOutcome.Outcome right = new GroupOutcome.Outcome(0, FinishReason.EOS, Optional.of(1.0));
    GroupOutcome.Outcome wrong = new GroupOutcome.Outcome(1, FinishReason.EOS, Optional.of(0.0));
    assertThat(groups)
        .containsExactly(
            new GroupOutcome(0, "sums", "p0", 0, 0, true, List.of(right, wrong)),
            new GroupOutcome(0, "sums", "p1", 0, 1, true, List.of(right, wrong)),
            new GroupOutcome(0, "sums", "p2", 0, 2, true, List.of(right, wrong)));
  }

  @Test
  void trainersReadIdsAndLogProbsWithoutTexts() {
    append("ids", 0, 0, 0, 3);

    List<SampledGroup> groups = new ArrayList<>();
    try (PositionStream<SampledGroup> stream =
        new IterationReader(warehouse)
            .open(
                Tables.ROLLOUT_GROUPS,
                SampledGroup.class,
                new IterationReader.IterationKey("ids", 0),
                4000)) {
      stream.forEachRemaining(groups::add);
    }

    assertThat(groups).hasSize(3);
    RolloutGroup written = Fixtures.group("ids", 0, 2, 1, 0);
    SampledGroup read = groups.get(2);
    assertThat(read.promptTokenIds()).isEqualTo(written.promptTokenIds());
    assertThat(read.rollouts()).hasSameSizeAs(written.rollouts());
    assertThat(read.rollouts().get(1).tokenIds()).isEqualTo(written.rollouts().get(1).tokenIds());
    assertThat(read.rollouts().get(1).logProbs()).isEqualTo(written.rollouts().get(1).logProbs());
    assertThat(warehouse.prunedCodec(Tables.ROLLOUT_GROUPS, SampledGroup.class).schema().sql())
        .doesNotContain("text: ");
  }

  private static List<RolloutGroup> read(String run, int iteration) {
    List<RolloutGroup> groups = new ArrayList<>();
    try (PositionStream<RolloutGroup> stream =
        new IterationReader(warehouse)
            .open(
                Tables.ROLLOUT_GROUPS,
                RolloutGroup.class,
                new IterationReader.IterationKey(run, iteration),
                4000)) {
      stream.forEachRemaining(groups::add);
    }
    return groups;
  }

  private static void append(String run, int iteration, int chunk, int from, int to) {
    RecordCodec<RolloutGroup> codec = warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    List<Row> rows = new ArrayList<>();
    for (int position = from; position < to; position++) {
      rows.add(codec.toRow(Fixtures.group(run, iteration, position, 1, 0)));
    }
    warehouse
        .store()
        .append(
            Tables.ROLLOUT_GROUPS,
            session
                .createDataset(rows, codec.encoder())
                .repartition(2, org.apache.spark.sql.functions.expr("position % 2"))
                .sortWithinPartitions("position"),
            new ChunkId(run, Stage.ROLLOUT, iteration, 0, chunk));
  }
}

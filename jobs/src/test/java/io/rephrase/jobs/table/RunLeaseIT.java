package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import io.rephrase.data.Lease;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.RunStatus;
import io.rephrase.jobs.spark.SparkTestSession;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ownership of runs in a warehouse that no file lock guards, by an injected clock. */
class RunLeaseIT {

  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @TempDir static Path folder;
  private static Warehouse warehouse;
  private final SetClock clock = new SetClock();

  @BeforeAll
  static void openWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), "shared:" + folder);
  }

  @Test
  void aRunBelongsToOneDriverUntilItIsGivenFree() {
    RunLease one = acquire("one", "first", TakeOver.NEVER);
    assertThatThrownBy(() -> acquire("one", "second", TakeOver.NEVER))
        .isInstanceOf(TableException.class)
        .hasMessage(
            "run one in %s belongs to another driver (first), whose lease holds until 2026-01-02T03:14:05Z; wait for it or end that process, and if it was killed run this command with --take-over"
                .formatted(warehouse.root()));
    one.close();

    try (RunLease second = acquire("one", "second", TakeOver.NEVER)) {
      assertThat(second.takenFrom()).isEmpty();
      assertThat(inForce("one").epoch()).isEqualTo(1);
    }
    assertThat(inForce("one").released()).isTrue();
  }

  @Test
  void aLeaseThatRanOutIsNotTakenSilentlyAndItsOwnerMayRenewIt() {
    RunLease slow = acquire("slow", "first", TakeOver.NEVER);
    clock.advance(TEN_MINUTES);
    assertThatThrownBy(() -> acquire("slow", "second", TakeOver.NEVER))
        .hasMessage(
            "run slow in %s was never given free by its driver (first), whose lease ran out at 2026-01-02T03:14:05Z: it was killed, or it is paused; make sure that it is gone, then run this command with --take-over"
                .formatted(warehouse.root()));

    slow.requireOwned();

    // Ten minutes from now, 03:14:05.
    assertThat(inForce("slow").expiresAt()).isEqualTo(Instant.parse("2026-01-02T03:24:05Z"));
    assertThat(inForce("slow").epoch()).isZero();
    assertThatThrownBy(() -> acquire("slow", "second", TakeOver.NEVER))
        .hasMessageContaining("whose lease holds until 2026-01-02T03:24:05Z");
    slow.close();
  }

  @Test
  void aRenewalThatReachedTheLogThoughItsCallFailedIsCountedOnFrom() {
    RunLease late = acquire("late", "first", TakeOver.NEVER);
    arrive(next(inForce("late")));
    late.renew();
    assertThat(inForce("late").sequence()).isEqualTo(2);

    arrive(next(inForce("late")));
    late.close();

    assertThat(inForce("late").sequence()).isEqualTo(4);
    assertThat(inForce("late").released()).isTrue();
  }

  private static Lease next(Lease lease) {
    return new Lease(
        lease.runId(),
        lease.sequence() + 1,
        lease.epoch(),
        lease.owner(),
        false,
        lease.at(),
        lease.expiresAt());
  }

  private static void arrive(Lease lease) {
    warehouse
        .controlTables()
        .append(Tables.LEASES, List.of(lease), lease.runId() + "/lease/" + lease.sequence());
  }

  @Test
  void aDriverThatLostItsRunCommitsNothingMore() {
    RunLease lost = acquire("lost", "first", TakeOver.NEVER);
    RunLog log = log("lost", lost);
    StagePlan plan = log.plan(Stage.ROLLOUT, 0, 1);
    RunLease taker = acquire("lost", "second", TakeOver.ORDERED);
    assertThat(taker.takenFrom()).contains("first");

    String refusal =
        "run lost in %s was taken over by another driver (second) at 2026-01-02T03:04:05Z: this one commits nothing more; what it had committed stays"
            .formatted(warehouse.root());
    assertThatThrownBy(
            () ->
                warehouse.store(lost).append(Tables.ROLLOUT_GROUPS, groups("lost"), plan.chunk(0)))
        .isInstanceOf(TableException.class)
        .hasMessage(refusal);
    assertThatThrownBy(() -> log.note(RunStatus.FINISHED, "done")).hasMessage(refusal);
    assertThatThrownBy(() -> new Redo(warehouse, log, lost).run(Stage.ROLLOUT, 0))
        .hasMessage(refusal);
    assertThatThrownBy(lost::renew).hasMessage(refusal);

    lost.close();
    taker.requireOwned();
    assertThat(inForce("lost").owner()).isEqualTo("second");
    assertThat(warehouse.read(Tables.ROLLOUT_GROUPS).where("run_id = 'lost'").count()).isZero();
    taker.close();
  }

  @Test
  void ofDriversThatTakeARunAtOnceOneSucceeds() throws Exception {
    int drivers = 4;
    ExecutorService threads = Executors.newFixedThreadPool(drivers);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<RunLease>> takers =
        IntStream.range(0, drivers)
            .mapToObj(
                driver ->
                    threads.submit(
                        () -> {
                          start.await();
                          return acquire("race", "driver " + driver, TakeOver.NEVER);
                        }))
            .toList();
    start.countDown();
    threads.shutdown();

    int owners = 0;
    for (Future<RunLease> taker : takers) {
      try {
        taker.get().requireOwned();
        owners++;
      } catch (java.util.concurrent.ExecutionException refused) {
        assertThat(refused).cause().isInstanceOf(TableException.class);
      }
    }
    assertThat(owners).isEqualTo(1);
    assertThat(inForce("race").epoch()).isZero();
  }

  @Test
  void aChunkInFlightWhenItsRunWasTakenAndRedoneNeverComesBack() throws Exception {
    RunLease lost = acquire("redone", "first", TakeOver.NEVER);
    StagePlan plan = log("redone", lost).plan(Stage.ROLLOUT, 0, 1);
    Dataset<Row> held =
        groups("redone").map((MapFunction<Row, Row>) Gate::pass, groupCodec().encoder());
    ExecutorService driver = Executors.newSingleThreadExecutor();
    Future<Boolean> wrote =
        driver.submit(
            () -> warehouse.store(lost).append(Tables.ROLLOUT_GROUPS, held, plan.chunk(0)));
    Gate.REACHED.await();

    try (RunLease taker = acquire("redone", "second", TakeOver.ORDERED)) {
      new Redo(warehouse, log("redone", taker), taker).run(Stage.ROLLOUT, 0);
      Gate.OPEN.countDown();

      assertThat(wrote.get()).isFalse();
      assertThat(warehouse.read(Tables.ROLLOUT_GROUPS).where("run_id = 'redone'").count()).isZero();
    }
    driver.shutdown();
  }

  /** Where the rows of a chunk wait to be made. */
  static final class Gate {
    static final CountDownLatch REACHED = new CountDownLatch(1);
    static final CountDownLatch OPEN = new CountDownLatch(1);

    private Gate() {}

    static Row pass(Row row) throws InterruptedException {
      REACHED.countDown();
      OPEN.await();
      return row;
    }
  }

  private RunLease acquire(String run, String owner, TakeOver takeOver) {
    return RunLease.acquire(
        warehouse.controlTables(), run, takeOver, new RunLease.Terms(owner, clock, TEN_MINUTES));
  }

  private RunLog log(String run, CommitFence fence) {
    return RunLog.open(
        warehouse.controlTables(fence), new RunLog.Author(run, "iterate", "test"), clock);
  }

  private static Lease inForce(String run) {
    return warehouse.controlTables().lease(run).orElseThrow();
  }

  private static RecordCodec<RolloutGroup> groupCodec() {
    return warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
  }

  private static Dataset<Row> groups(String run) {
    RecordCodec<RolloutGroup> codec = groupCodec();
    return warehouse
        .session()
        .createDataset(List.of(codec.toRow(Fixtures.group(run, 0, 0, 1, 0))), codec.encoder());
  }

  /** Stands still until it is advanced. */
  private static final class SetClock extends Clock {
    private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

    void advance(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}

package io.rephrase.jobs;

import io.rephrase.data.StageTime;
import io.rephrase.generation.Stopwatch;
import io.rephrase.generation.Throughput;
import io.rephrase.jobs.spark.ModelClock;
import io.rephrase.jobs.spark.PromptRows;
import io.rephrase.jobs.spark.TimedPartitions;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Tables;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.apache.spark.util.DoubleAccumulator;

/**
 * What the stages of a run take, and how much of it is the model's: rows of {@code stage_times}.
 * Belongs to the driver, which closes it; stages run one after the other.
 */
final class StageClock implements AutoCloseable {

  private static final String START = "start";

  private final SparkContext spark;
  private final DoubleAccumulator modelSeconds;
  private final DoubleAccumulator modelCpuSeconds;
  private final JobCounter jobs = new JobCounter();
  private final List<StageTime> all = new ArrayList<>();
  private final List<StageTime> unsaved = new ArrayList<>();

  StageClock(SparkContext spark) {
    this.spark = spark;
    this.modelSeconds = spark.doubleAccumulator("model seconds");
    this.modelCpuSeconds = spark.doubleAccumulator("model CPU seconds");
    spark.addSparkListener(jobs);
  }

  /** The same task, whose model seconds count. */
  TimedPartitions timed(FlatMapFunction<PromptRows, Row> partitions) {
    return new TimedPartitions(partitions, modelSeconds, modelCpuSeconds);
  }

  /** Runs {@code work} as a stage; one that found itself done already leaves no time. */
  void time(RunContext run, Stage stage, int iteration, Runnable work) {
    if (all.isEmpty()) {
      addStart(run);
    }
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
    int begun = run.progress().stagesBegun();
    int jobsBefore = jobs.started.get();
    Throughput modelBefore = model();
    Stopwatch whole = new Stopwatch();
    Stopwatch.Start start = Stopwatch.Start.now();
    work.run();
    whole.add(start, 0);
    Throughput model = model();
    if (run.progress().stagesBegun() > begun) {
      add(
          new StageTime(
              run.runId(),
              iteration,
              stage.label(),
              startedAt,
              whole.total().seconds(),
              model.seconds() - modelBefore.seconds(),
              whole.total().cpuSeconds(),
              model.cpuSeconds() - modelBefore.cpuSeconds(),
              stage == Stage.TRAIN ? 1 : run.tasks(),
              jobs.started.get() - jobsBefore));
    }
    if (stage == Stage.EVALUATE) {
      save(run);
    }
  }

  private void addStart(RunContext run) {
    Instant started = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    double seconds = Duration.between(started, Instant.now()).toMillis() / 1e3;
    double cpuSeconds = Stopwatch.Start.now().cpuNanos() / 1e9;
    add(
        new StageTime(
            run.runId(), 0, START, started, seconds, 0, cpuSeconds, 0, 1, jobs.started.get()));
  }

  private void add(StageTime time) {
    all.add(time);
    unsaved.add(time);
  }

  /** What executors told, and what this thread let the trainer compute. */
  private Throughput model() {
    Throughput here = ModelClock.total();
    return new Throughput(
        0, here.seconds() + modelSeconds.sum(), here.cpuSeconds() + modelCpuSeconds.sum());
  }

  /** Commits what was timed since the last call. */
  void save(RunContext run) {
    if (!unsaved.isEmpty()) {
      String transaction = "%s/times/%s".formatted(run.runId(), UUID.randomUUID());
      run.control().append(Tables.STAGE_TIMES, unsaved, transaction);
      unsaved.clear();
    }
  }

  /** Seconds an iteration outside of the model, by stage, for people; empty before a training. */
  Optional<String> words() {
    int iterations = (int) all.stream().filter(t -> t.stage().equals(Stage.TRAIN.label())).count();
    if (iterations == 0) {
      return Optional.empty();
    }
    double whole = seconds(StageTime::seconds) / iterations;
    double other = seconds(StageTime::otherSeconds) / iterations;
    String stages =
        ofStages().stream()
            .collect(
                Collectors.groupingBy(
                    StageTime::stage,
                    LinkedHashMap::new,
                    Collectors.summingDouble(StageTime::otherSeconds)))
            .entrySet()
            .stream()
            .map(e -> String.format(Locale.ROOT, "%s %.2f", e.getKey(), e.getValue() / iterations))
            .collect(Collectors.joining(", "));
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%.1f s an iteration, %.1f s of it outside of the model (%s); start %.1f s",
            whole,
            other,
            stages,
            all.get(0).seconds()));
  }

  private double seconds(Function<StageTime, Double> which) {
    return ofStages().stream().mapToDouble(which::apply).sum();
  }

  private List<StageTime> ofStages() {
    return all.stream().filter(time -> !time.stage().equals(START)).toList();
  }

  @Override
  public void close() {
    spark.removeSparkListener(jobs);
  }

  private static final class JobCounter extends SparkListener {

    private final AtomicInteger started = new AtomicInteger();

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      started.incrementAndGet();
    }
  }
}

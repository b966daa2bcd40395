package io.rephrase.jobs.spark;

import io.rephrase.generation.Throughput;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.DoubleAccumulator;

/** On an executor: tells the driver how long the model computed in a task. */
public final class TimedPartitions implements FlatMapFunction<PromptRows, Row> {

  private static final long serialVersionUID = 1;

  private final FlatMapFunction<PromptRows, Row> partitions;
  private final DoubleAccumulator seconds;
  private final DoubleAccumulator cpuSeconds;

  /**
   * @param partitions the task; its rows are made when it is called
   * @param seconds of wall time are added to it
   * @param cpuSeconds of the process are added to it
   */
  public TimedPartitions(
      FlatMapFunction<PromptRows, Row> partitions,
      DoubleAccumulator seconds,
      DoubleAccumulator cpuSeconds) {
    this.partitions = partitions;
    this.seconds = seconds;
    this.cpuSeconds = cpuSeconds;
  }

  @Override
  public Iterator<Row> call(PromptRows share) throws Exception {
    Throughput before = ModelClock.total();
    Iterator<Row> rows = partitions.call(share);
    Throughput after = ModelClock.total();
    seconds.add(after.seconds() - before.seconds());
    cpuSeconds.add(after.cpuSeconds() - before.cpuSeconds());
    return rows;
  }
}

package io.rephrase.jobs;

import io.rephrase.jobs.spark.EnginePlacement;
import io.rephrase.jobs.spark.PromptRows;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Tables;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/** What the generating stages have in common: a task an engine, rows sorted, one commit. */
final class Generation {

  private Generation() {}

  /**
   * One partition a share, so that each engine gets one task that fills its slots; on a cluster
   * each task takes all of an executor's cores and its GPU.
   */
  static JavaRDD<Row> rows(
      RunContext run, List<PromptRows> shares, FlatMapFunction<PromptRows, Row> partitions) {
    JavaRDD<PromptRows> dealt = run.spark().parallelize(shares, shares.size());
    return EnginePlacement.profile(run.spark().getConf())
        .map(dealt::withResources)
        .orElse(dealt)
        .flatMap(run.clock().timed(partitions));
  }

  /** Commits rows that are sorted by position within their partition. */
  static void append(
      RunContext run, ChunkId chunk, Tables table, RecordCodec<?> codec, JavaRDD<Row> rows) {
    run.store()
        .append(table, run.warehouse().session().createDataFrame(rows, codec.schema()), chunk);
    run.journal(chunk).forget(run.spark().hadoopConfiguration());
  }
}

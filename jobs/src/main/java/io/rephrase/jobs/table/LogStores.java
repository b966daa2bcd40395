package io.rephrase.jobs.table;

import io.rephrase.TableException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;

/**
 * Whether two processes may write to one warehouse. On s3a Delta's default log store keeps writers
 * apart within one process only: of two commits of the same version one would be lost in silence.
 */
public final class LogStores {

  private static final Set<String> S3 = Set.of("s3", "s3a", "s3n");
  private static final String LOCKING = "io.delta.storage.S3DynamoDBLogStore";

  private LogStores() {}

  /**
   * Refuses a warehouse whose commits are not kept apart.
   *
   * @param spark Spark's settings, where Delta looks for its log store
   * @param hadoop Hadoop's, where Delta Kernel does
   * @throws TableException on s3a, unless both have the DynamoDB log store
   */
  public static void requireSafe(String root, SparkConf spark, Configuration hadoop) {
    int colon = root.indexOf(':');
    String scheme = colon < 0 ? "" : root.substring(0, colon);
    if (!S3.contains(scheme)) {
      return;
    }
    String forSpark = "spark.delta.logStore." + scheme + ".impl";
    String forKernel = "io.delta.kernel.logStore." + scheme + ".impl";
    String found = spark.get(forSpark, "the default");
    String foundInHadoop = hadoop.get(forKernel, "the default");
    if (!found.equals(LOCKING) || !foundInHadoop.equals(LOCKING)) {
      throw new TableException(
          "warehouse %s: on %s the log store keeps writers apart only within one process, so that only one may write; set %s (is %s) and spark.hadoop.%s (is %s) to %s, with delta-storage-s3-dynamodb among the jars, or say that no other process writes there: run.soleWriter=true"
              .formatted(root, scheme, forSpark, found, forKernel, foundInHadoop, LOCKING));
    }
  }
}

package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class LogStoresTest {

  private static final String DYNAMO_DB = "io.delta.storage.S3DynamoDBLogStore";

  private final SparkConf spark = new SparkConf(false);
  private final Configuration hadoop = new Configuration(false);

  @Test
  void s3aWithoutAStoreThatLocksIsRefusedWithBothSettings() {
    spark.set("spark.delta.logStore.s3a.impl", DYNAMO_DB);
    // Kernel would still write without a lock.
    assertThatThrownBy(() -> LogStores.requireSafe("s3a://bucket/warehouse", spark, hadoop))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("warehouse s3a://bucket/warehouse: on s3a")
        .hasMessageContaining("only one may write")
        .hasMessageContaining(
            "spark.hadoop.io.delta.kernel.logStore.s3a.impl (is the default) to " + DYNAMO_DB)
        .hasMessageContaining("run.soleWriter=true");
  }

  @Test
  void s3aWithTheDynamoDbLogStoreForSparkAndKernelIsSafe() {
    spark.set("spark.delta.logStore.s3a.impl", DYNAMO_DB);
    hadoop.set("io.delta.kernel.logStore.s3a.impl", DYNAMO_DB);
    assertThatCode(() -> LogStores.requireSafe("s3a://bucket/warehouse", spark, hadoop))
        .doesNotThrowAnyException();
  }

  @Test
  void otherFileSystemsKeepWritersApartThemselves() {
    for (String root :
        new String[] {"/data/warehouse", "hdfs://host/w", "abfss://c@a/w", "gs://b/w"}) {
      assertThatCode(() -> LogStores.requireSafe(root, spark, hadoop)).doesNotThrowAnyException();
    }
  }
}

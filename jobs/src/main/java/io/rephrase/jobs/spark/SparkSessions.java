package io.rephrase.jobs.spark;

import io.rephrase.jobs.table.LocalLogStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * Makes the session that all jobs of a command share. What {@code spark-submit}, {@code
 * spark-defaults.conf} or {@code -Dspark.*} set is never overridden.
 */
public final class SparkSessions {

  /**
   * What the configuration says of Spark.
   *
   * @param applicationName shown by the cluster manager
   * @param master used where nothing outside names one
   * @param properties Spark's own, by full name; they win over our defaults
   */
  public record Settings(String applicationName, String master, Map<String, String> properties) {
    public Settings {
      if (master.isBlank()) {
        throw new IllegalArgumentException(
            "master must not be blank; use local[*] for one machine");
      }
      properties = Map.copyOf(properties);
    }
  }

  private SparkSessions() {}

  /** The running session if there is one in this JVM, else a new one. The caller stops it. */
  public static SparkSession open(Settings settings) {
    SparkConf conf = conf(settings);
    SparkSession session = SparkSession.builder().config(conf).getOrCreate();
    session.sparkContext().setLogLevel(conf.get("spark.log.level"));
    return session;
  }

  /** What a session would be opened with. */
  public static SparkConf conf(Settings settings) {
    return configure(settings, new SparkConf());
  }

  /**
   * Prepares a session for a run, or for reading one, from now on: plans are small and each is run
   * once, so that compiling them and planning them again as they run costs more than it saves.
   */
  public static void expectSmallPlans(SparkSession session) {
    smallPlans(session.sparkContext().getConf()).forEach(session.conf()::set);
  }

  /** Those of our settings for small plans that {@code outside} leaves open. */
  static Map<String, String> smallPlans(SparkConf outside) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.sql.codegen.wholeStage", "false");
    settings.put("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    settings.put("spark.sql.adaptive.enabled", "false");
    settings.keySet().removeIf(outside::contains);
    return settings;
  }

  /** {@code outside} completed by {@code settings}, and both by our defaults. */
  static SparkConf configure(Settings settings, SparkConf outside) {
    SparkConf conf = outside.clone();
    conf.setIfMissing("spark.master", settings.master());
    conf.setIfMissing("spark.app.name", settings.applicationName());
    settings.properties().forEach(conf::setIfMissing);
    everywhere().forEach(conf::setIfMissing);
    LocalLogStore.settings(conf.contains("spark.delta.logStore.class")).forEach(conf::setIfMissing);
    if (conf.get("spark.master").startsWith("local")) {
      oneMachine().forEach(conf::setIfMissing);
    }
    return conf;
  }

  private static Map<String, String> everywhere() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
    defaults.put(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    defaults.put("spark.sql.session.timeZone", "UTC");
    defaults.put("spark.plugins", EnginePlugin.class.getName());
    // A speculative copy of a task would generate everything twice.
    defaults.put("spark.speculation", "false");
    // Rows of megabytes: Parquet looks at its buffers after every row, not first after 100.
    defaults.put("spark.hadoop.parquet.page.size.row.check.min", "1");
    defaults.put("spark.hadoop.parquet.block.size", Long.toString(32L << 20));
    // Rows of a chunk belong to one partition of the table and are written as they come: Spark's
    // sort by partition would spill, and then break the order by position.
    defaults.put("spark.sql.maxConcurrentOutputFileWriters", "4");
    defaults.put("spark.log.level", "WARN");
    return defaults;
  }

  private static Map<String, String> oneMachine() {
    String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("spark.ui.enabled", "false");
    defaults.put("spark.ui.showConsoleProgress", "false");
    defaults.put("spark.driver.host", "127.0.0.1");
    defaults.put("spark.driver.bindAddress", "127.0.0.1");
    // A machine that slept for two minutes lost no executor: it would end itself, and the run.
    defaults.put("spark.storage.blockManagerHeartbeatTimeoutMs", "365d");
    defaults.put("spark.sql.shuffle.partitions", cores);
    defaults.put("spark.databricks.delta.snapshotPartitions", "1");
    // Else VACUUM starts 10,000 tasks.
    defaults.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", cores);
    return defaults;
  }
}

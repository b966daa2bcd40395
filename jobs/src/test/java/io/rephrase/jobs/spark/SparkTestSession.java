package io.rephrase.jobs.spark;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of all integration tests in this JVM; it ends with the JVM. */
public final class SparkTestSession {

  private SparkTestSession() {}

  public static SparkSession get() {
    return Holder.SESSION;
  }

  private static final class Holder {
    private static final SparkSession SESSION =
        SparkSessions.open(
            new SparkSessions.Settings(
                "rephrase-tests", "local[2]", Map.of("spark.log.level", "ERROR")));
  }
}

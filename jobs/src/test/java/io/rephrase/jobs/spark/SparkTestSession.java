package io.rephrase.jobs.spark;

import io.rephrase.jobs.table.SharedFileSystem;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session of all integration tests in this JVM, set for small plans as a run's is; it
 * ends with the JVM.
 */
public final class SparkTestSession {

  private SparkTestSession() {}

  public static SparkSession get() {
    return Holder.SESSION;
  }

  private static final class Holder {
    private static final SparkSession SESSION = open();

    private static SparkSession open() {
      SparkSession session =
          SparkSessions.open(
              new SparkSessions.Settings("rephrase-tests", "local[2]", properties()));
      SparkSessions.expectSmallPlans(session);
      return session;
    }

    private static Map<String, String> properties() {
      Map<String, String> properties = new HashMap<>(SharedFileSystem.properties());
      properties.put("spark.log.level", "ERROR");
      return properties;
    }
  }
}

package io.rephrase.jobs.spark;

import io.rephrase.jobs.table.SharedFileSystem;
import java.util.HashMap;
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
        SparkSessions.open(new SparkSessions.Settings("rephrase-tests", "local[2]", properties()));

    private static Map<String, String> properties() {
      Map<String, String> properties = new HashMap<>(SharedFileSystem.properties());
      properties.put("spark.log.level", "ERROR");
      return properties;
    }
  }
}

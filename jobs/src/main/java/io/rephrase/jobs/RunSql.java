package io.rephrase.jobs;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * SQL about one run, written with {@code :run} where its name stands. Spark 4.1's own named
 * parameters stay unbound behind Delta's parser, so the name is put in as a quoted literal.
 */
final class RunSql {

  private RunSql() {}

  static Dataset<Row> query(SparkSession session, String sql, String runId) {
    return session.sql(sql.replace(":run", literal(runId)));
  }

  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}

package io.rephrase.jobs.spark;

import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.Tuple2;

/**
 * Numbered JSON texts of a table's rows as (source, line, raw, problem), lines from 1, without
 * problems.
 */
public final class InputRows implements Function<Tuple2<String, Long>, Row> {

  private static final long serialVersionUID = 1;

  private final String source;

  public InputRows(String source) {
    this.source = source;
  }

  @Override
  public Row call(Tuple2<String, Long> row) {
    return RowFactory.create(source, row._2() + 1, row._1(), null);
  }
}

package io.rephrase.jobs;

import io.rephrase.config.ConfigLoader;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Runs of {@code conf/arena.conf} in a process of their own, and the same ones in this JVM. */
final class ArenaRuns {

  private static final Path ARENA = Path.of("..", "conf", "arena.conf");

  private ArenaRuns() {}

  /** What a process is told to do the run. */
  static List<String> arguments(Path warehouse, List<String> words) {
    List<String> arguments = new ArrayList<>(List.of("iterate", "--config", ARENA.toString()));
    arguments.addAll(List.of("--warehouse", warehouse.toString(), "spark.master=local[2]"));
    arguments.addAll(words);
    return arguments;
  }

  /** Does the run here, or goes on with it. */
  static void iterate(Path warehouse, List<String> words) {
    ResolvedConfig resolved =
        new ConfigLoader()
            .file(ARENA)
            .words(words)
            .value("run.warehouse", warehouse.toString(), "test")
            .load();
    JobCall call =
        JobCall.of(resolved, "test", Progress.silent(), new PrintWriter(Writer.nullWriter()));
    Jobs.ITERATE.run(Warehouse.open(SparkTestSession.get(), warehouse.toString()), call);
  }

  /** The rows of a query over the warehouse's tables and views, as text. */
  static List<String> rows(Path warehouse, String query) {
    return rows(warehouse, List.of(query)).get(query);
  }

  /** The same of several, by query. */
  static Map<String, List<String>> rows(Path warehouse, List<String> queries) {
    Warehouse.open(SparkTestSession.get(), warehouse.toString())
        .registerViewsFor(queries.toArray(String[]::new));
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String query : queries) {
      List<Row> found = SparkTestSession.get().sql(query).collectAsList();
      rows.put(query, found.stream().map(Row::toString).toList());
    }
    return rows;
  }
}

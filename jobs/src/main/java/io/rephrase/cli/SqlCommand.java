package io.rephrase.cli;

import io.rephrase.InputException;
import io.rephrase.jobs.WarehouseSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the warehouse. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Runs Spark SQL over the warehouse's tables and views.",
    footer = {
      "",
      "Example:",
      "  rephrase sql \"SELECT * FROM hard_sample_utilization ORDER BY iteration\""
    })
final class SqlCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private WarehouseOptions options;

  @ArgGroup(multiplicity = "1")
  private Query query;

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private RowFormat format = RowFormat.TABLE;

  /** The text, or the file it stands in. */
  private static final class Query {
    @Parameters(paramLabel = "QUERY", description = "A query.")
    private @Nullable String text;

    @Option(names = "-f", paramLabel = "FILE", description = "A file with a query.")
    private @Nullable Path file;

    String read() throws IOException {
      return text != null ? text : Files.readString(Objects.requireNonNull(file));
    }
  }

  @Override
  public Integer call() throws IOException {
    String sql = query.read();
    try (WarehouseSession session = WarehouseSession.forReading("sql", options.resolve())) {
      session.warehouse().registerViewsFor(sql);
      format.print(understood(session.spark(), sql), spec.commandLine().getOut());
      return 0;
    }
  }

  /** Spark's own words for a query it does not understand; it throws them past the compiler. */
  private static Dataset<Row> understood(SparkSession spark, String sql) {
    try {
      return spark.sql(sql);
    } catch (Exception wrong) {
      if (wrong instanceof AnalysisException analysis) {
        throw new InputException(analysis.getSimpleMessage(), wrong);
      }
      throw wrong;
    }
  }
}

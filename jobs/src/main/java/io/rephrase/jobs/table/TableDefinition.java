package io.rephrase.jobs.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.StructType;

/**
 * A table as {@code data-schemas/<table>.sql} declares it. Immutable and thread-safe.
 *
 * @param table its name
 * @param schema columns with comments, in order
 * @param partitionColumns in order; may be empty
 * @param comment what one row is, its key and who writes it
 * @param properties Delta's table properties, CHECK constraints among them
 */
record TableDefinition(
    Tables table,
    StructType schema,
    List<String> partitionColumns,
    String comment,
    Map<String, String> properties) {

  private static final String CONSTRAINT_PREFIX = "delta.constraints.";
  private static final Pattern STATEMENT =
      Pattern.compile(
          "CREATE TABLE (\\w+) \\(\\n(.*?)\\n\\) USING delta\\n(.*);\\s*", Pattern.DOTALL);
  private static final Pattern PARTITIONS = Pattern.compile("PARTITIONED BY \\(([^)]*)\\)");
  private static final Pattern COMMENT = Pattern.compile("(?m)^COMMENT '((?:[^']|'')*)'");
  private static final Pattern PROPERTY = Pattern.compile("(?m)^  '([^']+)' = '((?:[^']|'')*)'");

  TableDefinition {
    partitionColumns = List.copyOf(partitionColumns);
    properties = Map.copyOf(properties);
  }

  /** Reads the declaration packaged with this class. */
  static TableDefinition of(Tables table) {
    return parse(table, resource(table.label() + ".sql"));
  }

  static TableDefinition parse(Tables table, String sql) {
    Matcher statement = STATEMENT.matcher(sql);
    if (!statement.matches() || !statement.group(1).equals(table.label())) {
      throw new IllegalStateException(
          "data-schemas/%s.sql is no CREATE TABLE %s (...) USING delta"
              .formatted(table.label(), table.label()));
    }
    String clauses = statement.group(3);
    Matcher partitions = PARTITIONS.matcher(clauses);
    Matcher comment = COMMENT.matcher(clauses);
    Map<String, String> properties = new LinkedHashMap<>();
    Matcher property = PROPERTY.matcher(clauses);
    while (property.find()) {
      properties.put(property.group(1), property.group(2).replace("''", "'"));
    }
    return new TableDefinition(
        table,
        StructType.fromDDL(statement.group(2)),
        partitions.find() ? List.of(partitions.group(1).split(",\\s*")) : List.of(),
        comment.find() ? comment.group(1).replace("''", "'") : "",
        properties);
  }

  /** Whether it carries a CHECK constraint, which Delta Kernel refuses to write. */
  boolean constrained() {
    return properties.keySet().stream().anyMatch(key -> key.startsWith(CONSTRAINT_PREFIX));
  }

  /** Text of a file packaged from {@code data-schemas}. */
  static String resource(String name) {
    String path = "/io/rephrase/schemas/" + name;
    try (InputStream in = TableDefinition.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("resource " + path + " is not packaged");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading resource " + path, e);
    }
  }
}

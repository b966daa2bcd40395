package io.rephrase.jobs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;

/** What benchmarks are called: by name, with the decoding where one was answered by several. */
final class BenchmarkNames {

  private final Map<String, Set<String>> decodings = new HashMap<>();

  private BenchmarkNames() {}

  /** Of rows with {@code benchmark} and {@code decoding_hash}. */
  static BenchmarkNames of(List<Row> rows) {
    BenchmarkNames names = new BenchmarkNames();
    for (Row row : rows) {
      names
          .decodings
          .computeIfAbsent(row.getAs("benchmark"), name -> new HashSet<>())
          .add(row.getAs("decoding_hash"));
    }
    return names;
  }

  String of(Row row) {
    String benchmark = row.getAs("benchmark");
    String decoding = row.getAs("decoding_hash");
    boolean several = decodings.getOrDefault(benchmark, Set.of()).size() > 1;
    return several
        ? benchmark + " / " + decoding.substring(0, Math.min(8, decoding.length()))
        : benchmark;
  }
}

package io.rephrase.config;

import io.rephrase.benchmark.Benchmarks;
import java.util.Map;
import java.util.Optional;

/**
 * One input of the ingest stage.
 *
 * @param path file, folder or pattern, any Hadoop path
 * @param format of the files
 * @param benchmark whose published format the rows have, a name of the catalogue; empty for rows in
 *     our columns
 * @param optionSeed of the order of a benchmark's options, where its format names the right first
 * @param split that rows without one belong to; blank requires the column, or is {@code test} of a
 *     benchmark
 * @param verifier of rows that name none; blank requires the column. In place of a benchmark's own
 * @param knowledgeSource of rows that name none
 * @param limit rows read at most; 0 reads all
 * @param columns our column name to theirs, for those that differ
 */
public record SourceConfig(
    String path,
    SourceFormat format,
    Optional<String> benchmark,
    long optionSeed,
    String split,
    String verifier,
    String knowledgeSource,
    long limit,
    Map<String, String> columns) {
  public SourceConfig {
    columns = Rules.sorted(columns);
    Rules.notBlank("path", path);
    Rules.atLeast("limit", limit, 0);
    benchmark.ifPresent(name -> Rules.oneOf("benchmark", name, Benchmarks.class));
    if (benchmark.isPresent() && !columns.isEmpty()) {
      throw new IllegalArgumentException(
          "columns must be empty with benchmark %s, whose columns are known, got %s; leave one of the two out"
              .formatted(benchmark.get(), columns));
    }
  }
}

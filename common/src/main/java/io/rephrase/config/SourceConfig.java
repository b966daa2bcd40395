package io.rephrase.config;

import java.util.Map;

/**
 * One input of the ingest stage.
 *
 * @param path file, folder or pattern, any Hadoop path
 * @param format of the files
 * @param split that rows without one belong to; blank requires the column
 * @param verifier of rows that name none; blank requires the column
 * @param knowledgeSource of rows that name none
 * @param limit rows read at most; 0 reads all
 * @param columns our column name to theirs, for those that differ
 */
public record SourceConfig(
    String path,
    SourceFormat format,
    String split,
    String verifier,
    String knowledgeSource,
    long limit,
    Map<String, String> columns) {
  public SourceConfig {
    columns = Rules.sorted(columns);
    Rules.notBlank("path", path);
    Rules.atLeast("limit", limit, 0);
  }
}

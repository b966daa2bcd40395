package io.rephrase.config;

/**
 * What an input's files are; {@code AUTO} goes by the name's ending. JSON lines may also be one
 * array.
 */
public enum SourceFormat {
  AUTO,
  JSONL,
  PARQUET,
  DELTA,
  CSV
}

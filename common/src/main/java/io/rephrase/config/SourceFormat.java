package io.rephrase.config;

/** What an input's files are; {@code AUTO} goes by the name's ending. */
public enum SourceFormat {
  AUTO,
  JSONL,
  PARQUET,
  DELTA,
  CSV
}

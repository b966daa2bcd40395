CREATE TABLE quarantine (
  run_id       STRING NOT NULL COMMENT 'command that read it',
  source       STRING NOT NULL COMMENT 'file or table',
  line         BIGINT NOT NULL COMMENT 'from 1 within the source; 0 where the source has no lines',
  dataset      STRING NOT NULL COMMENT 'data set it was meant for',
  reason       STRING NOT NULL COMMENT 'malformed, missing-question, empty-gold, unknown-verifier, unreadable-gold, duplicate or missing-prompt-id',
  detail       STRING NOT NULL COMMENT 'what exactly is wrong, naming the value',
  content_hash STRING NOT NULL COMMENT 'SHA-256 of raw, hexadecimal',
  at           TIMESTAMP NOT NULL COMMENT 'when it was read',
  raw          STRING NOT NULL COMMENT 'the record as found'
) USING delta
COMMENT 'An input record that could not be used. Key: run_id, source, line. Written by every job that reads outside data.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'run_id,source,line,dataset,reason',
  'delta.constraints.line_not_negative' = 'line >= 0'
);

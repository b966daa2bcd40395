CREATE TABLE runs (
  run_id       STRING NOT NULL COMMENT 'the run',
  sequence     BIGINT NOT NULL COMMENT 'from 0, without gaps',
  status       STRING NOT NULL COMMENT 'started, resumed, taken-over, planned, redo-started, redo-finished, finished, failed or deleted',
  at           TIMESTAMP NOT NULL COMMENT 'when, by the driver''s clock',
  command      STRING NOT NULL COMMENT 'that was running',
  config_json  STRING COMMENT 'resolved configuration',
  config_hash  STRING COMMENT 'SHA-256 of config_json, hexadecimal',
  code_version STRING NOT NULL COMMENT 'of this software',
  stage        STRING COMMENT 'the event is about',
  iteration    INT COMMENT 'the event is about',
  generation   INT COMMENT 'of the stage''s rows: 0, and one more with every redo',
  chunks       INT COMMENT 'how many the stage was planned in',
  prompts      INT COMMENT 'that a planned round of the stage draws; 0: no round follows; NULL where a stage has no rounds',
  inputs       MAP<STRING, STRING> NOT NULL COMMENT 'tables read, table to version',
  message      STRING COMMENT 'for people'
) USING delta
COMMENT 'An event of a run; the first holds the resolved configuration. Key: run_id, sequence. Written by every command.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'run_id,sequence,status'
);

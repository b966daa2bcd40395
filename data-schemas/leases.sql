CREATE TABLE leases (
  run_id     STRING NOT NULL COMMENT 'the run',
  sequence   BIGINT NOT NULL COMMENT 'from 0, without gaps; the highest is in force',
  epoch      BIGINT NOT NULL COMMENT 'of the ownership: one more whenever another driver takes the run',
  owner      STRING NOT NULL COMMENT 'the driver''s process and machine',
  released   BOOLEAN NOT NULL COMMENT 'whether the owner gave the run free',
  at         TIMESTAMP NOT NULL COMMENT 'when the row was made, by the owner''s clock',
  expires_at TIMESTAMP NOT NULL COMMENT 'when the owner is to be taken for dead unless it renews'
) USING delta
COMMENT 'Who owns a run of a warehouse on no local path, where a file lock cannot say it. Key: run_id, sequence. Written by the driver.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '10',
  'delta.dataSkippingStatsColumns' = 'run_id,sequence'
);

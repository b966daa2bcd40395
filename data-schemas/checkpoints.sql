CREATE TABLE checkpoints (
  run_id         STRING NOT NULL COMMENT 'the run',
  policy_version INT NOT NULL COMMENT '0 is the first',
  path           STRING NOT NULL COMMENT 'of the Hugging Face folder; relative to the warehouse where it lies inside',
  parent         INT COMMENT 'policy version it was trained from',
  optimizer_path STRING COMMENT 'of the optimizer''s state, likewise',
  created_at     TIMESTAMP NOT NULL COMMENT 'when the row was made',
  sha256         MAP<STRING, STRING> NOT NULL COMMENT 'of each file, hexadecimal, by file name'
) USING delta
COMMENT 'A policy version that exists; only this row makes a saved folder real. Key: run_id, policy_version. Written by training.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'run_id,policy_version'
);

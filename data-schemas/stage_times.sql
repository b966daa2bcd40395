CREATE TABLE stage_times (
  run_id            STRING NOT NULL COMMENT 'the run',
  iteration         INT NOT NULL COMMENT 'of the stage; of evaluate the policy version; of start 0',
  stage             STRING NOT NULL COMMENT 'rollout, rephrase, guidance, train, evaluate; or start: from the process''s first moment to its first stage',
  started_at        TIMESTAMP NOT NULL COMMENT 'by the driver''s clock',
  seconds           DOUBLE NOT NULL COMMENT 'wall time of the stage',
  model_seconds     DOUBLE NOT NULL COMMENT 'wall time in which the model computed: prefill, decode, scoring, training; summed over engines',
  cpu_seconds       DOUBLE NOT NULL COMMENT 'CPU time of the driver''s process, engines included where they are in it',
  model_cpu_seconds DOUBLE NOT NULL COMMENT 'CPU time of the processes in which the model computed, while it did',
  engines           INT NOT NULL COMMENT 'that computed side by side',
  spark_jobs        INT NOT NULL COMMENT 'that the stage started'
) USING delta
COMMENT 'What one stage of a run took; a stage that was killed has no row, one that was resumed has one a time. Key: run_id, iteration, stage, started_at. Written by the driver, once an iteration.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'run_id,iteration,stage'
);

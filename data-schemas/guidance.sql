CREATE TABLE guidance (
  run_id            STRING NOT NULL COMMENT 'the run',
  iteration         INT NOT NULL COMMENT 'from 0',
  policy_version    INT NOT NULL COMMENT 'policy of this iteration',
  dataset           STRING NOT NULL COMMENT 'name of the data set; with prompt_id the prompt''s key',
  prompt_id         STRING NOT NULL COMMENT 'unique within the data set',
  round             INT NOT NULL COMMENT 'of the group decided on',
  position          INT NOT NULL COMMENT 'of the prompt in the iteration''s seeded order, from 0',
  failure_rate      DOUBLE COMMENT 'gamma: share of rewarded rollouts with a reward below delta; NULL where no rollout has a reward',
  rewarded_rollouts INT NOT NULL COMMENT 'rollouts that have a reward',
  hard              BOOLEAN NOT NULL COMMENT 'whether gamma reached rho',
  source            STRING NOT NULL COMMENT 'none, rephrased or teacher',
  attempt_index     INT COMMENT 'attempt of the rephrasing used',
  substituted_index INT COMMENT 'sample index of the rollout replaced',
  zero_variance     BOOLEAN NOT NULL COMMENT 'whether all final rewards are equal',
  skipped           BOOLEAN NOT NULL COMMENT 'whether fewer than two members have a reward',
  reason            STRING NOT NULL COMMENT 'why the group is as it is, one of a fixed list of words',
  verdicts_used     STRING NOT NULL COMMENT 'inline, or the later grading that overrode it',
  rewards           ARRAY<DOUBLE> NOT NULL COMMENT 'of the sampled rollouts by sample index; NULL where there is none',
  rewards_after     ARRAY<DOUBLE> NOT NULL COMMENT 'after substitution',
  advantages        ARRAY<DOUBLE> NOT NULL COMMENT 'of the final group''s members'
) USING delta
PARTITIONED BY (run_id, iteration)
COMMENT 'The decision for one group; it never repeats tokens. Key: run_id, iteration, dataset, prompt_id, round. Written by the guidance stage.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'policy_version,dataset,prompt_id,round,position,failure_rate,source'
);

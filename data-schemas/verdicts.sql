CREATE TABLE verdicts (
  run_id         STRING NOT NULL COMMENT 'the run',
  iteration      INT NOT NULL COMMENT 'from 0',
  policy_version INT NOT NULL COMMENT 'policy of this iteration',
  dataset        STRING NOT NULL COMMENT 'name of the data set; with prompt_id the prompt''s key',
  prompt_id      STRING NOT NULL COMMENT 'unique within the data set',
  round          INT NOT NULL COMMENT 'of the group, for a rollout; 0 otherwise',
  target         STRING NOT NULL COMMENT 'rollout/<sample index>, rephrasing/<attempt> or knowledge',
  verifier       STRING NOT NULL COMMENT 'that graded',
  version        STRING NOT NULL COMMENT 'of the verifier',
  at             TIMESTAMP NOT NULL COMMENT 'when',
  reward         DOUBLE COMMENT 'in [0, 1]; NULL where there is none',
  extracted      STRING COMMENT 'answer found by the verifier, as written',
  rule           STRING NOT NULL COMMENT 'the verifier''s rule that decided',
  status         STRING NOT NULL COMMENT 'correct, wrong, no-answer, unparseable-gold, budget-exceeded or judge-failed',
  judge_answer   STRING COMMENT 'what a judge said, whole, or why it said nothing; NULL where none was asked'
) USING delta
PARTITIONED BY (run_id, iteration)
COMMENT 'A later grading of a stored answer; it overrides the inline verdict. Key: run_id, iteration, dataset, prompt_id, round, target, verifier, version. Written by grading and by judge retries.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'policy_version,dataset,prompt_id,round,target,verifier,version,reward',
  'delta.constraints.reward_in_unit' = 'reward IS NULL OR (reward >= 0 AND reward <= 1)'
);

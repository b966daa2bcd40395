CREATE TABLE rollout_groups (
  run_id           STRING NOT NULL COMMENT 'the run',
  iteration        INT NOT NULL COMMENT 'from 0',
  policy_version   INT NOT NULL COMMENT 'policy of this iteration',
  dataset          STRING NOT NULL COMMENT 'name of the data set; with prompt_id the prompt''s key',
  prompt_id        STRING NOT NULL COMMENT 'unique within the data set',
  round            INT NOT NULL COMMENT 'of dynamic sampling, from 0',
  position         INT NOT NULL COMMENT 'of the prompt in the iteration''s seeded order, from 0; later rounds count on',
  kept             BOOLEAN NOT NULL COMMENT 'whether the group goes to training',
  difficulty       DOUBLE COMMENT 'of the prompt',
  prompt_token_ids ARRAY<INT> NOT NULL COMMENT 'the rendered question prompt, as the policy saw it',
  rollouts         ARRAY<STRUCT<
    sample_index: INT COMMENT '0 to G-1',
    seed: BIGINT COMMENT 'of this sample',
    finish_reason: STRING COMMENT 'eos, length, context or error',
    reward: DOUBLE COMMENT 'in [0, 1]; NULL where there is none',
    extracted: STRING COMMENT 'answer found',
    rule: STRING COMMENT 'rule that decided',
    status: STRING COMMENT 'status of the verdict',
    error: STRING COMMENT 'what the engine said, if it failed',
    latency_ms: BIGINT COMMENT 'milliseconds from admission to the last token',
    judge_answer: STRING COMMENT 'what a judge said, whole, or why it said nothing; NULL where none was asked',
    text: STRING COMMENT 'decoded completion, without the end-of-sequence token',
    token_ids: ARRAY<INT> COMMENT 'sampled ids, the end-of-sequence id included',
    log_probs: ARRAY<FLOAT> COMMENT 'nats, under the full softmax at the sampling temperature'>> NOT NULL COMMENT 'those sampled, by sample index: G of them, without slot 0 where the expert''s solution stands there, none where nothing is compared'
) USING delta
PARTITIONED BY (run_id, iteration)
COMMENT 'One prompt''s rollouts. Key: run_id, iteration, dataset, prompt_id, round. Written by the rollout stage.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'policy_version,dataset,prompt_id,round,position,difficulty',
  'delta.constraints.position_not_negative' = 'position >= 0'
);

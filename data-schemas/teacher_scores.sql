CREATE TABLE teacher_scores (
  run_id              STRING NOT NULL COMMENT 'the run',
  iteration           INT NOT NULL COMMENT 'from 0',
  policy_version      INT NOT NULL COMMENT 'policy of this iteration',
  dataset             STRING NOT NULL COMMENT 'name of the data set; with prompt_id the prompt''s key',
  prompt_id           STRING NOT NULL COMMENT 'unique within the data set',
  position            INT NOT NULL COMMENT 'of the prompt in the iteration''s seeded order, from 0',
  reward              DOUBLE COMMENT 'of the verdict on k by the prompt''s verifier, in [0, 1]; NULL where it has none',
  extracted           STRING COMMENT 'answer found in k',
  rule                STRING COMMENT 'rule that decided',
  status              STRING COMMENT 'status of the verdict',
  reject_reason       STRING COMMENT 'why k cannot be trained on: knowledge-too-long; NULL where it can',
  judge_answer        STRING COMMENT 'what a judge said, whole, or why it said nothing; NULL where none was asked',
  knowledge_token_ids ARRAY<INT> NOT NULL COMMENT 'k as the assistant''s turn, its end included; never cut',
  log_probs_under_q   ARRAY<FLOAT> NOT NULL COMMENT 'of each id after q at the rollout temperature, nats; empty where k cannot be trained on'
) USING delta
PARTITIONED BY (run_id, iteration)
COMMENT 'The expert''s solution k as the assistant''s turn, scored under q. Key: run_id, iteration, dataset, prompt_id. Written by the teacher stage.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'policy_version,dataset,prompt_id,position',
  'delta.constraints.position_not_negative' = 'position >= 0'
);

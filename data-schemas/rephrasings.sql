CREATE TABLE rephrasings (
  run_id                 STRING NOT NULL COMMENT 'the run',
  iteration              INT NOT NULL COMMENT 'from 0',
  policy_version         INT NOT NULL COMMENT 'policy of this iteration',
  dataset                STRING NOT NULL COMMENT 'name of the data set; with prompt_id the prompt''s key',
  prompt_id              STRING NOT NULL COMMENT 'unique within the data set',
  attempt                INT NOT NULL COMMENT 'from 0',
  position               INT NOT NULL COMMENT 'of the prompt in the iteration''s seeded order, from 0',
  sampler_policy_version INT NOT NULL COMMENT 'policy that sampled it',
  seed                   BIGINT NOT NULL COMMENT 'of this attempt',
  finish_reason          STRING NOT NULL COMMENT 'eos, length, context or error',
  reward                 DOUBLE COMMENT 'in [0, 1]; NULL where there is none',
  extracted              STRING COMMENT 'answer found by the verifier, as written',
  rule                   STRING COMMENT 'the verifier''s rule that decided',
  status                 STRING COMMENT 'correct, wrong, no-answer, unparseable-gold, budget-exceeded or judge-failed',
  accepted               BOOLEAN NOT NULL COMMENT 'whether the guidance stage may use it',
  reject_reason          STRING COMMENT 'why it may not',
  copy_share             DOUBLE COMMENT 'share of its word 8-grams that stand in k, in [0, 1]',
  longest_common_run     INT COMMENT 'words in its longest run in common with k',
  reasoning_share        DOUBLE COMMENT 'share of k''s intermediate numbers found in it, in [0, 1]',
  span_start             INT NOT NULL COMMENT 'first sampled token kept',
  span_end               INT NOT NULL COMMENT 'one past the last sampled token kept',
  error                  STRING COMMENT 'what the engine said, if it failed',
  latency_ms             BIGINT NOT NULL COMMENT 'milliseconds from admission to the last token',
  judge_answer           STRING COMMENT 'what a judge said, whole, or why it said nothing; NULL where none was asked',
  text                   STRING NOT NULL COMMENT 'the final ids decoded',
  raw_text               STRING NOT NULL COMMENT 'the sampled ids decoded',
  raw_token_ids          ARRAY<INT> NOT NULL COMMENT 'as sampled',
  raw_log_probs          ARRAY<FLOAT> NOT NULL COMMENT 'of the sampled ids, nats',
  token_ids              ARRAY<INT> NOT NULL COMMENT 'the final ids, end-of-sequence id included',
  log_probs_under_pqk    ARRAY<FLOAT> NOT NULL COMMENT 'of the final ids after P(q,k), nats',
  log_probs_under_q      ARRAY<FLOAT> NOT NULL COMMENT 'of the final ids after the bare q, nats'
) USING delta
PARTITIONED BY (run_id, iteration)
COMMENT 'One attempt at an o_rep. Key: run_id, iteration, dataset, prompt_id, attempt. Written by the rephrase stage.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'policy_version,dataset,prompt_id,attempt,position,reward',
  'delta.constraints.accepted_or_reason' = 'accepted = (reject_reason IS NULL)'
);

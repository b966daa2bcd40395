CREATE TABLE evaluations (
  run_id            STRING NOT NULL COMMENT 'the run',
  policy_version    INT NOT NULL COMMENT 'evaluated',
  benchmark         STRING NOT NULL COMMENT 'name in the configuration',
  dataset           STRING NOT NULL COMMENT 'name of the data set; with prompt_id the prompt''s key',
  prompt_id         STRING NOT NULL COMMENT 'unique within the data set',
  decoding_hash     STRING NOT NULL COMMENT 'of decoding settings and template',
  sample_index      INT NOT NULL COMMENT 'from 0',
  position          INT NOT NULL COMMENT 'in the benchmark''s fixed order',
  seed              BIGINT NOT NULL COMMENT 'of the sample',
  difficulty        DOUBLE COMMENT 'of the problem',
  subject           STRING COMMENT 'of the problem',
  finish_reason     STRING NOT NULL COMMENT 'eos, length, context or error',
  reward            DOUBLE COMMENT 'in [0, 1]; NULL where there is none',
  extracted         STRING COMMENT 'answer found by the verifier, as written',
  answer_cluster    INT COMMENT 'sample_index of the problem''s first sample with an equal answer: right ones together, others as the verifier finds them equal; NULL without an answer',
  rule              STRING COMMENT 'the verifier''s rule that decided',
  status            STRING COMMENT 'correct, wrong, no-answer, unparseable-gold, budget-exceeded or judge-failed',
  completion_tokens INT NOT NULL COMMENT 'tokens of the answer, end-of-sequence included',
  error             STRING COMMENT 'what the engine said, if it failed',
  latency_ms        BIGINT NOT NULL COMMENT 'milliseconds from admission to the last token',
  judge_answer      STRING COMMENT 'what a judge said, whole, or why it said nothing; NULL where none was asked',
  text              STRING NOT NULL COMMENT 'the answer'
) USING delta
PARTITIONED BY (run_id, policy_version)
COMMENT 'One graded answer of one benchmark problem by one policy version. Key: run_id, policy_version, benchmark, dataset, prompt_id, decoding_hash, sample_index. Written by evaluation.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'benchmark,dataset,prompt_id,decoding_hash,sample_index,position,reward',
  'delta.constraints.sample_not_negative' = 'sample_index >= 0'
);

CREATE TABLE contamination (
  dataset           STRING NOT NULL COMMENT 'of the training prompt; with prompt_id its key',
  prompt_id         STRING NOT NULL COMMENT 'unique within the data set',
  benchmark         STRING NOT NULL COMMENT 'name in the configuration',
  benchmark_dataset STRING NOT NULL COMMENT 'data set of the problem; with problem_id its key',
  problem_id        STRING NOT NULL COMMENT 'the problem''s prompt_id',
  ngram_words       INT NOT NULL COMMENT 'n: words of an n-gram',
  shared_ngrams     INT NOT NULL COMMENT 'distinct n-grams of the problem that stand in the prompt''s question or solution',
  problem_share     DOUBLE NOT NULL COMMENT 'the same as a share of the problem''s n-grams, in (0, 1]',
  example           STRING NOT NULL COMMENT 'the first of them, as normalized words',
  normalizer        STRING NOT NULL COMMENT 'version of what made words of the texts'
) USING delta
PARTITIONED BY (dataset, benchmark, ngram_words)
COMMENT 'A training prompt and a benchmark problem that share n-grams. Key: dataset, prompt_id, benchmark, benchmark_dataset, problem_id, ngram_words. Written by the contamination check, which replaces the rows of every data set, benchmark and n that it compares.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'prompt_id,benchmark_dataset,problem_id,shared_ngrams,problem_share',
  'delta.constraints.something_shared' = 'shared_ngrams > 0'
);

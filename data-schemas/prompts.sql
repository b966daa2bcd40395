CREATE TABLE prompts (
  dataset          STRING NOT NULL COMMENT 'name of the data set; with prompt_id the prompt''s key',
  prompt_id        STRING NOT NULL COMMENT 'unique within the data set',
  question         STRING NOT NULL COMMENT 'the task as the model sees it, before any template',
  gold             STRING NOT NULL COMMENT 'reference answer, never blank',
  verifier         STRING NOT NULL COMMENT 'name of the verifier that compares an answer with gold',
  knowledge        STRING COMMENT 'the expert''s worked solution, k in the paper',
  knowledge_source STRING COMMENT 'who wrote the knowledge',
  split            STRING NOT NULL COMMENT 'train, tuning or test',
  difficulty       DOUBLE COMMENT 'level in the data set''s own unit',
  metadata         MAP<STRING, STRING> NOT NULL COMMENT 'anything else, flat'
) USING delta
PARTITIONED BY (dataset)
COMMENT 'A question with a checkable answer and, where an expert wrote one, a solution. Key: dataset, prompt_id. Written by ingest.'
TBLPROPERTIES (
  'delta.checkpointInterval' = '100',
  'delta.dataSkippingStatsColumns' = 'prompt_id,split,difficulty',
  'delta.constraints.gold_not_blank' = 'length(trim(gold)) > 0',
  'delta.constraints.question_not_blank' = 'length(trim(question)) > 0'
);

-- Per policy version, benchmark, decoding and problem: its answers with a reward, in order of their samples.
-- pass_at[k] is Chen et al.'s estimate (arXiv 2107.03374) for k = 1, 2, 4 ..., so that pass@k is avg(pass_at[k]) over problems.
-- majority_right: most of the answers are of a cluster that is right; of equal clusters the first wins, samples without an
-- answer do not vote. NULL where answers were recorded without their clusters.
SELECT
  run_id,
  policy_version,
  benchmark,
  decoding_hash,
  dataset,
  prompt_id,
  difficulty,
  subject,
  samples,
  size(answers) AS rewarded_samples,
  solved,
  mean_reward,
  map_from_entries(transform(
    filter(array(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024), k -> k <= size(answers)),
    k -> struct(k, CASE
      WHEN solved = 0 THEN 0D
      WHEN size(answers) - solved < k THEN 1D
      ELSE 1 - aggregate(sequence(size(answers) - solved + 1, size(answers)), 1D, (fail, i) -> fail * (1 - k / i))
    END))) AS pass_at,
  CASE WHEN clustered AND size(answers) > 0 THEN coalesce(array_max(transform(
    array_distinct(filter(answers.cluster, cluster -> cluster IS NOT NULL)),
    own -> struct(
      size(filter(answers, answer -> answer.cluster = own)) AS votes,
      -own AS first,
      exists(answers, answer -> answer.cluster = own AND answer.reward = 1) AS right))).right, false)
  END AS majority_right,
  clustered,
  answers,
  completion_tokens,
  truncated_samples
FROM (
  SELECT
    run_id,
    policy_version,
    benchmark,
    decoding_hash,
    dataset,
    prompt_id,
    any_value(difficulty) AS difficulty,
    any_value(subject) AS subject,
    count(*) AS samples,
    count_if(reward = 1) AS solved,
    avg(reward) AS mean_reward,
    count_if(reward IS NOT NULL AND extracted IS NOT NULL AND answer_cluster IS NULL) = 0 AS clustered,
    array_sort(collect_list(struct(sample_index, reward, answer_cluster AS cluster)) FILTER (WHERE reward IS NOT NULL)) AS answers,
    sum(completion_tokens) AS completion_tokens,
    count_if(finish_reason <> 'eos') AS truncated_samples
  FROM evaluations
  GROUP BY run_id, policy_version, benchmark, decoding_hash, dataset, prompt_id
)

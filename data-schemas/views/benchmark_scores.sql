-- Per policy version, benchmark and decoding: pass@1 as the mean over problems of the mean over samples.
-- A sample without a reward counts for no problem; a problem without any is left out and counted.
SELECT
  run_id,
  policy_version,
  benchmark,
  decoding_hash,
  count(*) AS problems,
  count(problem_reward) AS scored_problems,
  max(samples) AS samples,
  avg(problem_reward) AS pass_at_1,
  avg(solved) AS pass_at_k,
  sum(completion_tokens) AS completion_tokens,
  sum(truncated) AS truncated_samples
FROM (
  SELECT
    run_id,
    policy_version,
    benchmark,
    decoding_hash,
    dataset,
    prompt_id,
    count(*) AS samples,
    avg(reward) AS problem_reward,
    max(CASE WHEN reward IS NULL THEN NULL WHEN reward = 1 THEN 1 ELSE 0 END) AS solved,
    sum(completion_tokens) AS completion_tokens,
    count_if(finish_reason <> 'eos') AS truncated
  FROM evaluations
  GROUP BY run_id, policy_version, benchmark, decoding_hash, dataset, prompt_id
)
GROUP BY run_id, policy_version, benchmark, decoding_hash

-- Per policy version, benchmark and decoding: pass@1 as the mean over problems of the mean over samples; pass@k and
-- maj@k of all samples. A sample without a reward counts for no problem; a problem without any is left out and counted.
SELECT
  run_id,
  policy_version,
  benchmark,
  decoding_hash,
  count(*) AS problems,
  count(mean_reward) AS scored_problems,
  max(samples) AS samples,
  avg(mean_reward) AS pass_at_1,
  avg(CASE WHEN rewarded_samples > 0 THEN CAST(solved > 0 AS INT) END) AS pass_at_k,
  avg(CAST(majority_right AS INT)) AS maj_at_k,
  sum(completion_tokens) AS completion_tokens,
  sum(truncated_samples) AS truncated_samples
FROM benchmark_problems
GROUP BY run_id, policy_version, benchmark, decoding_hash

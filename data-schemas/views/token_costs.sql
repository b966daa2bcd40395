-- Completion tokens sampled per iteration: what a budget counts. Evaluation is apart.
SELECT
  run_id,
  iteration,
  sum(rollout_tokens) AS rollout_tokens,
  sum(dropped_rollout_tokens) AS dropped_rollout_tokens,
  sum(accepted_rephrasing_tokens) AS accepted_rephrasing_tokens,
  sum(rejected_rephrasing_tokens) AS rejected_rephrasing_tokens,
  sum(rollout_tokens + accepted_rephrasing_tokens + rejected_rephrasing_tokens) AS sampled_tokens
FROM (
  SELECT
    run_id,
    iteration,
    completion_tokens AS rollout_tokens,
    CASE WHEN kept THEN 0 ELSE completion_tokens END AS dropped_rollout_tokens,
    0 AS accepted_rephrasing_tokens,
    0 AS rejected_rephrasing_tokens
  FROM rollouts
  UNION ALL
  SELECT
    run_id,
    iteration,
    0,
    0,
    CASE WHEN accepted THEN size(raw_token_ids) ELSE 0 END,
    CASE WHEN accepted THEN 0 ELSE size(raw_token_ids) END
  FROM rephrasings
)
GROUP BY run_id, iteration

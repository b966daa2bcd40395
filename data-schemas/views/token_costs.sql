-- Completion tokens per iteration: those sampled, which are what a budget counts, rounds and rejected
-- rephrasings included, and those in the loss. Evaluation is apart.
SELECT
  run_id,
  iteration,
  sum(rollout_tokens) AS rollout_tokens,
  sum(dropped_rollout_tokens) AS dropped_rollout_tokens,
  sum(accepted_rephrasing_tokens) AS accepted_rephrasing_tokens,
  sum(rejected_rephrasing_tokens) AS rejected_rephrasing_tokens,
  sum(rollout_tokens + accepted_rephrasing_tokens + rejected_rephrasing_tokens) AS sampled_tokens,
  sum(trained_tokens) AS trained_tokens,
  sum(optimizer_steps) AS optimizer_steps
FROM (
  SELECT
    run_id,
    iteration,
    completion_tokens AS rollout_tokens,
    CASE WHEN kept THEN 0 ELSE completion_tokens END AS dropped_rollout_tokens,
    0 AS accepted_rephrasing_tokens,
    0 AS rejected_rephrasing_tokens,
    0 AS trained_tokens,
    0 AS optimizer_steps
  FROM rollouts
  UNION ALL
  SELECT
    run_id,
    iteration,
    0,
    0,
    CASE WHEN accepted THEN size(raw_token_ids) ELSE 0 END,
    CASE WHEN accepted THEN 0 ELSE size(raw_token_ids) END,
    0,
    0
  FROM rephrasings
  UNION ALL
  -- A step without a gradient made no update.
  SELECT
    run_id,
    iteration,
    0,
    0,
    0,
    0,
    on_policy_tokens + substituted_tokens,
    CASE WHEN skipped OR gradient_norm IS NULL THEN 0 ELSE 1 END
  FROM training_steps
)
GROUP BY run_id, iteration

-- Rollouts whose later verdict gives another reward than the inline one, or that had none.
SELECT
  verdicts.run_id,
  verdicts.iteration,
  verdicts.dataset,
  verdicts.prompt_id,
  verdicts.round,
  rollouts.sample_index,
  rollouts.rule AS inline_rule,
  rollouts.status AS inline_status,
  rollouts.reward AS inline_reward,
  verdicts.verifier,
  verdicts.version,
  verdicts.rule,
  verdicts.status,
  verdicts.reward,
  rollouts.text
FROM verdicts
JOIN rollouts
  ON rollouts.run_id = verdicts.run_id
  AND rollouts.iteration = verdicts.iteration
  AND rollouts.dataset = verdicts.dataset
  AND rollouts.prompt_id = verdicts.prompt_id
  AND rollouts.round = verdicts.round
  AND verdicts.target = concat('rollout/', rollouts.sample_index)
WHERE NOT (verdicts.reward <=> rollouts.reward)

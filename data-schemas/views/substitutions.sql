-- One row a substituted group: what was replaced, by what, and how it had fared. Where the expert's
-- solution stands in a slot of its own nothing was sampled there: reward_before is NULL.
SELECT
  guidance.run_id,
  guidance.iteration,
  guidance.dataset,
  guidance.prompt_id,
  guidance.round,
  guidance.position,
  guidance.source,
  guidance.attempt_index,
  guidance.substituted_index,
  guidance.failure_rate,
  element_at(guidance.rewards, guidance.substituted_index + 1) AS reward_before,
  element_at(guidance.rewards_after, guidance.substituted_index + 1) AS reward_after,
  element_at(guidance.advantages, guidance.substituted_index + 1) AS advantage,
  rephrasings.copy_share,
  rephrasings.longest_common_run,
  rephrasings.reasoning_share,
  size(rephrasings.token_ids) AS rephrasing_tokens,
  size(teacher_scores.knowledge_token_ids) AS teacher_tokens
FROM guidance
LEFT JOIN rephrasings
  ON guidance.source = 'rephrased'
  AND rephrasings.run_id = guidance.run_id
  AND rephrasings.iteration = guidance.iteration
  AND rephrasings.dataset = guidance.dataset
  AND rephrasings.prompt_id = guidance.prompt_id
  AND rephrasings.attempt = guidance.attempt_index
LEFT JOIN teacher_scores
  ON guidance.source = 'teacher'
  AND teacher_scores.run_id = guidance.run_id
  AND teacher_scores.iteration = guidance.iteration
  AND teacher_scores.dataset = guidance.dataset
  AND teacher_scores.prompt_id = guidance.prompt_id
WHERE guidance.source <> 'none'

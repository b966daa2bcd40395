-- One row a member of a final group, as the trainer saw it: the sampled rollout, or what took its
-- place, with the reward and the advantage that the guidance stage decided. Nothing is decided here.
SELECT
  rollouts.run_id,
  rollouts.iteration,
  rollouts.policy_version,
  rollouts.dataset,
  rollouts.prompt_id,
  rollouts.round,
  rollouts.position,
  rollouts.difficulty,
  rollouts.sample_index,
  CASE
    WHEN guidance.substituted_index = rollouts.sample_index THEN guidance.source
    ELSE 'rollout'
  END AS source,
  guidance.failure_rate,
  guidance.hard,
  guidance.zero_variance,
  guidance.skipped,
  guidance.reason,
  element_at(guidance.rewards, rollouts.sample_index + 1) AS sampled_reward,
  element_at(guidance.rewards_after, rollouts.sample_index + 1) AS reward,
  element_at(guidance.advantages, rollouts.sample_index + 1) AS advantage,
  CASE
    WHEN guidance.substituted_index <=> rollouts.sample_index THEN
      CASE guidance.source
        WHEN 'rephrased' THEN rephrasings.text
        ELSE prompts.knowledge
      END
    ELSE rollouts.text
  END AS text,
  CASE
    WHEN guidance.substituted_index <=> rollouts.sample_index THEN
      CASE guidance.source
        WHEN 'rephrased' THEN size(rephrasings.token_ids)
        ELSE size(teacher_scores.knowledge_token_ids)
      END
    ELSE rollouts.completion_tokens
  END AS completion_tokens
FROM rollouts
JOIN guidance
  ON guidance.run_id = rollouts.run_id
  AND guidance.iteration = rollouts.iteration
  AND guidance.dataset = rollouts.dataset
  AND guidance.prompt_id = rollouts.prompt_id
  AND guidance.round = rollouts.round
LEFT JOIN rephrasings
  ON rephrasings.run_id = guidance.run_id
  AND rephrasings.iteration = guidance.iteration
  AND rephrasings.dataset = guidance.dataset
  AND rephrasings.prompt_id = guidance.prompt_id
  AND rephrasings.attempt = guidance.attempt_index
LEFT JOIN teacher_scores
  ON teacher_scores.run_id = guidance.run_id
  AND teacher_scores.iteration = guidance.iteration
  AND teacher_scores.dataset = guidance.dataset
  AND teacher_scores.prompt_id = guidance.prompt_id
LEFT JOIN prompts
  ON prompts.dataset = guidance.dataset
  AND prompts.prompt_id = guidance.prompt_id
WHERE rollouts.kept

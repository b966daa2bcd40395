-- One row a member of a final group, as it was handed to the trainer (which may yet leave out a truncated one, algorithm.truncated): the sampled rollout, or what took its
-- place, or what is trained on beside the group, with the reward and the advantage that the guidance
-- stage decided. Nothing is decided here. An imitated answer is the only member of its group.
WITH members AS (
  SELECT
    guidance.*,
    posexplode(advantages) AS (sample_index, advantage)
  FROM guidance
  UNION ALL
  SELECT
    guidance.*,
    size(advantages) AS sample_index,
    1D AS advantage
  FROM guidance
  WHERE reason = 'teacher-beside'
),
named AS (
  SELECT
    members.*,
    CASE
      WHEN sample_index = substituted_index THEN source
      WHEN sample_index = size(advantages) THEN 'teacher'
      ELSE 'rollout'
    END AS member
  FROM members
  WHERE reason <> 'imitated' OR sample_index = substituted_index
)
SELECT
  named.run_id,
  named.iteration,
  named.policy_version,
  named.dataset,
  named.prompt_id,
  named.round,
  named.position,
  rollout_groups.difficulty,
  named.sample_index,
  named.member AS source,
  named.failure_rate,
  named.hard,
  named.zero_variance,
  named.skipped,
  named.reason,
  try_element_at(named.rewards, named.sample_index + 1) AS sampled_reward,
  CASE
    WHEN named.sample_index = size(named.advantages) THEN teacher_scores.reward
    ELSE element_at(named.rewards_after, named.sample_index + 1)
  END AS reward,
  named.advantage,
  CASE named.member
    WHEN 'rephrased' THEN rephrasings.text
    WHEN 'teacher' THEN prompts.knowledge
    ELSE rollouts.text
  END AS text,
  CASE named.member
    WHEN 'rephrased' THEN size(rephrasings.token_ids)
    WHEN 'teacher' THEN size(teacher_scores.knowledge_token_ids)
    ELSE rollouts.completion_tokens
  END AS completion_tokens
FROM named
JOIN rollout_groups
  ON rollout_groups.run_id = named.run_id
  AND rollout_groups.iteration = named.iteration
  AND rollout_groups.dataset = named.dataset
  AND rollout_groups.prompt_id = named.prompt_id
  AND rollout_groups.round = named.round
LEFT JOIN rollouts
  ON named.member = 'rollout'
  AND rollouts.run_id = named.run_id
  AND rollouts.iteration = named.iteration
  AND rollouts.dataset = named.dataset
  AND rollouts.prompt_id = named.prompt_id
  AND rollouts.round = named.round
  AND rollouts.sample_index = named.sample_index
LEFT JOIN rephrasings
  ON named.member = 'rephrased'
  AND rephrasings.run_id = named.run_id
  AND rephrasings.iteration = named.iteration
  AND rephrasings.dataset = named.dataset
  AND rephrasings.prompt_id = named.prompt_id
  AND rephrasings.attempt = named.attempt_index
LEFT JOIN teacher_scores
  ON named.member = 'teacher'
  AND teacher_scores.run_id = named.run_id
  AND teacher_scores.iteration = named.iteration
  AND teacher_scores.dataset = named.dataset
  AND teacher_scores.prompt_id = named.prompt_id
LEFT JOIN prompts
  ON named.member = 'teacher'
  AND prompts.dataset = named.dataset
  AND prompts.prompt_id = named.prompt_id
-- A slot kept for an expert who has nothing to say stays empty.
WHERE named.member <> 'rollout' OR rollouts.sample_index IS NOT NULL

-- Per iteration, data set and difficulty: groups, hard groups, those that were substituted, and hard
-- groups that taught something, through the substitution or by luck (rewards differ without it).
SELECT
  guidance.run_id,
  guidance.iteration,
  guidance.dataset,
  rollout_groups.difficulty,
  count(*) AS groups,
  count_if(guidance.hard) AS hard_groups,
  count_if(guidance.hard AND guidance.source <> 'none') AS substituted_groups,
  count_if(guidance.hard AND NOT guidance.zero_variance AND NOT guidance.skipped AND NOT size(array_distinct(filter(guidance.rewards, reward -> reward IS NOT NULL))) > 1)
    AS utilized_by_substitution,
  count_if(guidance.hard AND NOT guidance.zero_variance AND NOT guidance.skipped AND size(array_distinct(filter(guidance.rewards, reward -> reward IS NOT NULL))) > 1)
    AS utilized_by_luck
FROM guidance
JOIN rollout_groups
  ON rollout_groups.run_id = guidance.run_id
  AND rollout_groups.iteration = guidance.iteration
  AND rollout_groups.dataset = guidance.dataset
  AND rollout_groups.prompt_id = guidance.prompt_id
  AND rollout_groups.round = guidance.round
GROUP BY guidance.run_id, guidance.iteration, guidance.dataset, rollout_groups.difficulty

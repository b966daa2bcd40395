-- Sampled rewards per iteration, data set and difficulty; rollouts without a reward are counted apart.
SELECT
  run_id,
  iteration,
  dataset,
  difficulty,
  count(*) AS rollouts,
  count(reward) AS rewarded_rollouts,
  avg(reward) AS mean_reward,
  stddev_pop(reward) AS reward_deviation,
  count_if(reward = 0) AS zero_rewards,
  count_if(reward = 1) AS full_rewards,
  count_if(truncated) AS truncated_rollouts
FROM rollouts
GROUP BY run_id, iteration, dataset, difficulty

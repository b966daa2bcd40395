-- One row a run: its state, how far it is, how good its newest policy is. A deleted run keeps its name.
SELECT
  r.run_id,
  CASE WHEN r.status IN ('finished', 'failed', 'deleted') THEN r.status ELSE 'unfinished' END AS status,
  get_json_object(r.config_json, "$['algorithm.preset']") AS preset,
  concat(coalesce(c.trained, 0), '/', get_json_object(r.config_json, "$['run.iterations']")) AS trained,
  round(t.reward, 3) AS last_reward,
  e.scores AS last_scores,
  r.began,
  r.last_event,
  substring(r.config_hash, 1, 8) AS config_hash,
  r.message
FROM (
  SELECT
    run_id,
    min(at) AS began,
    max(at) AS last_event,
    max_by(status, sequence) AS status,
    max_by(message, sequence) AS message,
    max_by(config_json, sequence) FILTER (WHERE config_json IS NOT NULL) AS config_json,
    max_by(config_hash, sequence) FILTER (WHERE config_hash IS NOT NULL) AS config_hash
  FROM runs
  GROUP BY run_id
) AS r
LEFT JOIN (
  SELECT run_id, max(policy_version) AS trained FROM checkpoints GROUP BY run_id
) AS c ON c.run_id = r.run_id
LEFT JOIN (
  SELECT run_id, max_by(reward_mean, step) AS reward FROM training_steps GROUP BY run_id
) AS t ON t.run_id = r.run_id
LEFT JOIN (
  SELECT
    run_id,
    array_join(sort_array(collect_list(concat(benchmark, '=', format_number(score, 3)))), ' ') AS scores
  FROM (
    SELECT run_id, benchmark, avg(reward) AS score
    FROM (SELECT *, max(policy_version) OVER (PARTITION BY run_id) AS last FROM evaluations)
    WHERE policy_version = last
    GROUP BY run_id, benchmark
  )
  GROUP BY run_id
) AS e ON e.run_id = r.run_id

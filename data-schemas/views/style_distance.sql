-- How foreign the expert's words are to the policy, beside its own: mean log-probability of a token
-- under the bare question, nats, of the expert's solutions, of accepted rephrasings and of rollouts
-- that solved the question. Per iteration and data set; NULL where there is none.
SELECT
  run_id,
  iteration,
  dataset,
  sum(teacher) / sum(teacher_tokens) AS teacher_log_prob,
  sum(rephrased) / sum(rephrased_tokens) AS rephrased_log_prob,
  sum(solved) / sum(solved_tokens) AS solved_log_prob
FROM (
  SELECT
    run_id,
    iteration,
    dataset,
    aggregate(log_probs_under_q, 0D, (total, log_prob) -> total + log_prob) AS teacher,
    size(log_probs_under_q) AS teacher_tokens,
    CAST(NULL AS DOUBLE) AS rephrased,
    CAST(NULL AS INT) AS rephrased_tokens,
    CAST(NULL AS DOUBLE) AS solved,
    CAST(NULL AS INT) AS solved_tokens
  FROM teacher_scores
  WHERE reject_reason IS NULL
  UNION ALL
  SELECT
    run_id,
    iteration,
    dataset,
    NULL,
    NULL,
    aggregate(log_probs_under_q, 0D, (total, log_prob) -> total + log_prob),
    size(log_probs_under_q),
    NULL,
    NULL
  FROM rephrasings
  WHERE accepted
  UNION ALL
  SELECT
    run_id,
    iteration,
    dataset,
    NULL,
    NULL,
    NULL,
    NULL,
    aggregate(log_probs, 0D, (total, log_prob) -> total + log_prob),
    size(log_probs)
  FROM rollouts
  WHERE reward = 1
)
GROUP BY run_id, iteration, dataset

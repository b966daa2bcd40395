-- Attempts at a rephrasing per iteration, data set, whether the gate found the prompt's group hard
-- (NULL before it decided), and outcome: accepted, or the reason of the rejection.
SELECT
  rephrasings.run_id,
  rephrasings.iteration,
  rephrasings.dataset,
  guidance.hard,
  coalesce(rephrasings.reject_reason, 'accepted') AS outcome,
  count(*) AS attempts,
  count(DISTINCT rephrasings.prompt_id) AS prompts,
  sum(size(rephrasings.raw_token_ids)) AS sampled_tokens
FROM rephrasings
LEFT JOIN guidance
  ON guidance.run_id = rephrasings.run_id
  AND guidance.iteration = rephrasings.iteration
  AND guidance.dataset = rephrasings.dataset
  AND guidance.prompt_id = rephrasings.prompt_id
GROUP BY
  rephrasings.run_id,
  rephrasings.iteration,
  rephrasings.dataset,
  guidance.hard,
  coalesce(rephrasings.reject_reason, 'accepted')

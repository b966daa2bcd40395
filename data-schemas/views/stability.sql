-- How steadily an iteration learned. Means over its optimizer steps are weighed by what each is a
-- mean of; on-policy and substituted tokens stand apart. Acceptance is among hard groups that were
-- rephrased: those with at least one accepted attempt.
SELECT
  steps.*,
  rephrased.hard_groups_rephrased,
  rephrased.hard_groups_accepted,
  rephrased.hard_groups_accepted / rephrased.hard_groups_rephrased AS rephrase_acceptance
FROM (
  SELECT
    run_id,
    iteration,
    count(*) AS steps,
    count_if(skipped) AS skipped_steps,
    sum(groups) AS groups,
    sum(hard_groups) AS hard_groups,
    sum(hard_groups) / nullif(sum(groups), 0) AS hard_rate,
    sum(substituted_groups) / nullif(sum(groups), 0) AS substitution_rate,
    sum(hard_learning_by_substitution) / nullif(sum(hard_groups), 0) AS utilized_by_substitution,
    sum(hard_learning_by_luck) / nullif(sum(hard_groups), 0) AS utilized_by_luck,
    sum(zero_variance_groups) / nullif(sum(groups), 0) AS zero_variance_share,
    sum(skipped_groups) / nullif(sum(groups), 0) AS skipped_share,
    sum(reward_mean * groups) / nullif(sum(groups), 0) AS reward_mean,
    sum(reward_mean_after * groups) / nullif(sum(groups), 0) AS reward_mean_after,
    avg(loss) AS loss,
    avg(gradient_norm) AS gradient_norm,
    max(gradient_norm) AS gradient_norm_max,
    sum(surprisal * groups * length_mean) / nullif(sum(groups * length_mean), 0) AS surprisal,
    sum(entropy * trained_tokens) / nullif(sum(IF(entropy IS NULL, 0, trained_tokens)), 0) AS entropy,
    sum(entropy_substituted * substituted_tokens)
      / nullif(sum(IF(entropy_substituted IS NULL, 0, substituted_tokens)), 0) AS entropy_substituted,
    max(kl_old) AS kl_old_max,
    sum(kl_reference * trained_tokens)
      / nullif(sum(IF(kl_reference IS NULL, 0, trained_tokens)), 0) AS kl_reference,
    sum(clip_fraction_low * trained_tokens)
      / nullif(sum(IF(clip_fraction_low IS NULL, 0, trained_tokens)), 0) AS clip_fraction_low,
    sum(clip_fraction_high * trained_tokens)
      / nullif(sum(IF(clip_fraction_high IS NULL, 0, trained_tokens)), 0) AS clip_fraction_high,
    sum(length_mean * groups) / nullif(sum(groups), 0) AS length_mean,
    sum(length_mean_substituted * substituted_groups)
      / nullif(sum(substituted_groups), 0) AS length_mean_substituted,
    sum(truncation_rate * groups) / nullif(sum(groups), 0) AS truncation_rate,
    sum(substituted_log_ratio * substituted_tokens)
      / nullif(sum(IF(substituted_log_ratio IS NULL, 0, substituted_tokens)), 0) AS substituted_log_ratio,
    min(effective_sample_size) AS effective_sample_size_min,
    sum(on_policy_tokens) AS on_policy_tokens,
    sum(substituted_tokens) AS substituted_tokens,
    sum(trained_tokens) AS trained_tokens,
    sum(seconds) AS seconds
  FROM training_steps
  GROUP BY run_id, iteration
) AS steps
LEFT JOIN (
  SELECT
    run_id,
    iteration,
    count(*) AS hard_groups_rephrased,
    count_if(accepted) AS hard_groups_accepted
  FROM (
    SELECT
      rephrasings.run_id,
      rephrasings.iteration,
      rephrasings.dataset,
      rephrasings.prompt_id,
      bool_or(rephrasings.accepted) AS accepted
    FROM rephrasings
    JOIN guidance
      ON guidance.run_id = rephrasings.run_id
      AND guidance.iteration = rephrasings.iteration
      AND guidance.dataset = rephrasings.dataset
      AND guidance.prompt_id = rephrasings.prompt_id
    WHERE guidance.hard
    GROUP BY rephrasings.run_id, rephrasings.iteration, rephrasings.dataset, rephrasings.prompt_id
  )
  GROUP BY run_id, iteration
) AS rephrased
  ON rephrased.run_id = steps.run_id
  AND rephrased.iteration = steps.iteration

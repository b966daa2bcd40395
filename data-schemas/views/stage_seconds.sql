-- Seconds of each stage: the model's own, and the rest, which is what running it costs.
SELECT
  run_id,
  iteration,
  stage,
  sum(seconds) AS seconds,
  sum(model_seconds / engines) AS model_seconds,
  sum(seconds - model_seconds / engines) AS other_seconds,
  sum(cpu_seconds) AS cpu_seconds,
  sum(model_cpu_seconds) AS model_cpu_seconds,
  sum(spark_jobs) AS spark_jobs
FROM stage_times
GROUP BY run_id, iteration, stage

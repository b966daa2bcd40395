-- One row a run: its newest event, with the configuration it was started with.
SELECT
  last.run_id,
  last.status,
  last.at,
  last.command,
  last.message,
  last.sequence + 1 AS events,
  first.at AS started_at,
  first.config_json,
  first.config_hash,
  first.code_version
FROM (SELECT run_id, max(sequence) AS newest FROM runs GROUP BY run_id) AS ends
JOIN runs AS last ON last.run_id = ends.run_id AND last.sequence = ends.newest
JOIN runs AS first ON first.run_id = ends.run_id AND first.sequence = 0

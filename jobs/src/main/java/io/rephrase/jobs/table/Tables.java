package io.rephrase.jobs.table;

import io.rephrase.data.Checkpoint;
import io.rephrase.data.ContaminatedPrompt;
import io.rephrase.data.Evaluation;
import io.rephrase.data.Guidance;
import io.rephrase.data.Label;
import io.rephrase.data.LaterVerdict;
import io.rephrase.data.Lease;
import io.rephrase.data.Prompt;
import io.rephrase.data.QuarantinedRecord;
import io.rephrase.data.Rephrasing;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.RunEvent;
import io.rephrase.data.StageTime;
import io.rephrase.data.StepMetrics;
import io.rephrase.data.TeacherScore;

/** The catalogue of tables, each with the record that is its row. */
public enum Tables implements Label {
  PROMPTS("prompts", Prompt.class),
  QUARANTINE("quarantine", QuarantinedRecord.class),
  ROLLOUT_GROUPS("rollout_groups", RolloutGroup.class),
  REPHRASINGS("rephrasings", Rephrasing.class),
  GUIDANCE("guidance", Guidance.class),
  TEACHER_SCORES("teacher_scores", TeacherScore.class),
  VERDICTS("verdicts", LaterVerdict.class),
  TRAINING_STEPS("training_steps", StepMetrics.class),
  CHECKPOINTS("checkpoints", Checkpoint.class),
  STAGE_TIMES("stage_times", StageTime.class),
  EVALUATIONS("evaluations", Evaluation.class),
  CONTAMINATION("contamination", ContaminatedPrompt.class),
  RUNS("runs", RunEvent.class),
  LEASES("leases", Lease.class);

  private final String label;
  private final Class<? extends Record> row;

  Tables(String label, Class<? extends Record> row) {
    this.label = label;
    this.row = row;
  }

  @Override
  public String label() {
    return label;
  }

  /** The record that is a row. */
  public Class<? extends Record> row() {
    return row;
  }

  /**
   * Whether the driver writes it through Delta Kernel, at a tenth of what a commit of Spark costs;
   * such a table has no CHECK constraints, its record is its law.
   */
  public boolean control() {
    return switch (this) {
      case RUNS, TRAINING_STEPS, CHECKPOINTS, STAGE_TIMES, GUIDANCE, LEASES -> true;
      case PROMPTS,
          QUARANTINE,
          ROLLOUT_GROUPS,
          REPHRASINGS,
          TEACHER_SCORES,
          VERDICTS,
          EVALUATIONS,
          CONTAMINATION ->
          false;
    };
  }
}

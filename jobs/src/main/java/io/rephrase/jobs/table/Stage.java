package io.rephrase.jobs.table;

import io.rephrase.data.Label;
import java.util.List;

/** The stages that commit rows in chunks, in the order in which an iteration runs them. */
public enum Stage implements Label {
  ROLLOUT("rollout", "rollout", List.of(Tables.ROLLOUT_GROUPS)),
  GRADE("grade", "iterate", List.of(Tables.VERDICTS)),
  TEACHER("teacher", "rephrase", List.of(Tables.TEACHER_SCORES)),
  REPHRASE("rephrase", "rephrase", List.of(Tables.REPHRASINGS)),
  GUIDANCE("guidance", "guide", List.of(Tables.GUIDANCE)),
  TRAIN("train", "train", List.of(Tables.TRAINING_STEPS)),
  /** Its iteration is the policy version it evaluates; nothing is made from it. */
  EVALUATE("evaluate", "evaluate", List.of(Tables.EVALUATIONS)),
  /** Its run is the data set and its iteration is 0; never part of a redo. */
  INGEST("ingest", "ingest", List.of(Tables.PROMPTS, Tables.QUARANTINE));

  private final String label;
  private final String command;
  private final List<Tables> tables;

  Stage(String label, String command, List<Tables> tables) {
    this.label = label;
    this.command = command;
    this.tables = tables;
  }

  @Override
  public String label() {
    return label;
  }

  /** The command that runs it: what an error tells people to type. */
  public String command() {
    return command;
  }

  /** Whether a redo of {@code redone} makes this stage again: itself, or what is made from it. */
  boolean isRemadeBy(Stage redone) {
    return this == redone || (compareTo(redone) > 0 && compareTo(TRAIN) <= 0);
  }

  /** The column that holds what the stage counts as its iteration. */
  String iterationColumn() {
    return this == EVALUATE ? "policy_version" : "iteration";
  }

  /** The tables it writes. */
  public List<Tables> tables() {
    return tables;
  }
}

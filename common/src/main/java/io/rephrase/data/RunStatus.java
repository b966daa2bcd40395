package io.rephrase.data;

/** What an event of a run says happened. */
public enum RunStatus implements Label {
  /** A command began this run; the event holds its configuration. */
  STARTED("started"),
  /** A command took the run up again. */
  RESUMED("resumed"),
  /** Another driver's ownership was ended by an explicit order. */
  TAKEN_OVER("taken-over"),
  /** The chunks of one stage of one iteration were laid down. */
  PLANNED("planned"),
  /** A stage and those after it are to be made again; their rows are being deleted. */
  REDO_STARTED("redo-started"),
  /** The rows of a redo are gone. */
  REDO_FINISHED("redo-finished"),
  /** Every iteration asked for is there. */
  FINISHED("finished"),
  /** A command ended early; the message says why. */
  FAILED("failed"),
  /** The run was deleted; this event alone stays, and keeps its name taken. */
  DELETED("deleted");

  private final String label;

  RunStatus(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}

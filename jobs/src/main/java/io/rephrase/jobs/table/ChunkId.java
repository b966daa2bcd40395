package io.rephrase.jobs.table;

/**
 * One commit of one stage. Each has a transaction id of its own: with a shared id and rising
 * versions, Delta skips a lower version in silence.
 *
 * @param runId the run; at ingest the data set, whose commits count on whoever makes them
 * @param stage that commits
 * @param iteration of the stage
 * @param generation 0, and one more with every redo
 * @param chunk from 0
 */
public record ChunkId(String runId, Stage stage, int iteration, int generation, int chunk) {

  /** Every transaction of ours has this version. */
  public static final long VERSION = 1;

  public ChunkId {
    if (runId.isBlank() || iteration < 0 || generation < 0 || chunk < 0) {
      throw new IllegalArgumentException(
          "a chunk needs a run and numbers from 0, got run \"%s\" iteration %d generation %d chunk %d"
              .formatted(runId, iteration, generation, chunk));
    }
  }

  /** {@code <run>/<stage>/<iteration>/<generation>/<chunk>}. */
  public String transactionId() {
    return "%s/%s/%d/%d/%d".formatted(runId, stage.label(), iteration, generation, chunk);
  }

  @Override
  public String toString() {
    return transactionId();
  }
}

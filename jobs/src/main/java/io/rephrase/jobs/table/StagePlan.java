package io.rephrase.jobs.table;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The chunks one stage of one iteration consists of, as stored with the run.
 *
 * @param runId the run
 * @param stage that commits them
 * @param iteration of the stage
 * @param generation 0, and one more with every redo
 * @param chunks how many
 */
public record StagePlan(String runId, Stage stage, int iteration, int generation, int chunks) {
  public StagePlan {
    if (chunks < 0) {
      throw new IllegalArgumentException("chunks must not be negative, got " + chunks);
    }
  }

  /** The same stage with this many chunks. */
  StagePlan withChunks(int number) {
    return new StagePlan(runId, stage, iteration, generation, number);
  }

  /** The chunk with this number. */
  public ChunkId chunk(int number) {
    if (number < 0 || number >= chunks) {
      throw new IllegalArgumentException(
          "chunk must be in [0, %d), got %d".formatted(chunks, number));
    }
    return new ChunkId(runId, stage, iteration, generation, number);
  }

  /**
   * The first of {@code total} positions that belongs to this chunk; that of chunk {@link #chunks}
   * is {@code total}. As equal as can be, and a function of the stored plan alone: a cluster of
   * another size cuts a planned stage in the same places.
   */
  public int firstPosition(int chunk, int total) {
    return (int) ((long) total * chunk / chunks);
  }

  /** How many of {@code total} positions belong to this chunk. */
  public int size(ChunkId chunk, int total) {
    return firstPosition(chunk.chunk() + 1, total) - firstPosition(chunk.chunk(), total);
  }

  /** All chunks in order. */
  public List<ChunkId> chunkIds() {
    return IntStream.range(0, chunks).mapToObj(this::chunk).toList();
  }
}

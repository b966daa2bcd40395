package io.rephrase.jobs.table;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One round of a stage whose later rounds depend on what its earlier ones gave, as stored with the
 * run. Prompts and chunks are numbered on from round to round.
 *
 * @param stage the stage's plan so far, this round's chunks in it
 * @param number from 0
 * @param firstPosition of its prompts
 * @param prompts that it draws; 0 says that no round follows
 * @param firstChunk of its chunks
 * @param chunks how many
 */
public record StageRound(
    StagePlan stage, int number, int firstPosition, int prompts, int firstChunk, int chunks) {
  public StageRound {
    if (number < 0 || prompts < 0 || (prompts == 0) != (chunks == 0)) {
      throw new IllegalArgumentException(
          "round %d must draw some prompts in some chunks or none in none, got %d in %d"
              .formatted(number, prompts, chunks));
    }
  }

  /** Whether no round follows: nothing is drawn. */
  public boolean ends() {
    return prompts == 0;
  }

  /** One past its last position. */
  public int endPosition() {
    return firstPosition + prompts;
  }

  /** Its chunks in order. */
  public List<ChunkId> chunkIds() {
    return IntStream.range(firstChunk, firstChunk + chunks).mapToObj(stage::chunk).toList();
  }

  /** The first position that belongs to a chunk of this round; see {@link #endOf}. */
  public int startOf(ChunkId chunk) {
    return boundary(chunk.chunk() - firstChunk);
  }

  /** One past the last position that belongs to a chunk: a function of the stored plan alone. */
  public int endOf(ChunkId chunk) {
    return boundary(chunk.chunk() - firstChunk + 1);
  }

  private int boundary(int chunk) {
    return firstPosition + (int) ((long) prompts * chunk / chunks);
  }
}

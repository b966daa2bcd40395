package io.rephrase.jobs;

import io.rephrase.jobs.spark.PromptRows;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StagePlan;
import io.rephrase.jobs.table.Tables;
import io.rephrase.progress.ProgressStage;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * A stage that makes rows of {@code table} for some of an iteration's prompts, in the chunks of its
 * stored plan. Belongs to the driver.
 */
record PromptStage(RunContext run, Prompts prompts, Stage stage, Tables table) {

  /**
   * Makes the chunks that are missing; reads no prompts where none is.
   *
   * @param wanted positions among the iteration's prompts that get rows
   * @param make commits one chunk from its share of them
   */
  void makeMissing(
      int iteration,
      Function<List<Row>, Set<Integer>> wanted,
      BiConsumer<ChunkId, PromptRows> make) {
    StagePlan plan = run.planOfPrompts(stage, iteration);
    List<ChunkId> missing = run.store().missingChunks(table, plan);
    if (missing.isEmpty()) {
      return;
    }
    List<Row> drawn = prompts.iteration(iteration);
    Set<Integer> positions = wanted.apply(drawn);
    String name = StageNames.of(run, iteration, stage.label());
    try (ProgressStage progress = run.progress().stage(name, positions.size(), "prompts")) {
      run.chunkRunner()
          .run(
              missing,
              chunk -> {
                int from = plan.firstPosition(chunk.chunk(), drawn.size());
                int to = plan.firstPosition(chunk.chunk() + 1, drawn.size());
                PromptRows share = PromptRows.of(drawn, positions, from, to);
                make.accept(chunk, share);
                progress.advance(share.positions().size());
              });
    }
  }
}

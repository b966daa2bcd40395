package io.rephrase.jobs;

import io.rephrase.InputException;
import io.rephrase.arena.ArenaWorld;
import io.rephrase.config.EvaluateConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.config.SourceConfig;
import io.rephrase.data.Prompt;
import io.rephrase.jobs.spark.VerifierGoldCheck;
import io.rephrase.jobs.table.DatasetCommits;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Sees to it that the data sets a run names are in the prompts table. */
final class PromptSources {

  private static final int ARENA_PROMPTS_PER_LEVEL = 2000;
  private static final long ARENA_SEED = 1;

  private final Warehouse warehouse;
  private final RunConfig config;

  private final Progress progress;

  PromptSources(Warehouse warehouse, RunConfig config, Progress progress) {
    this.warehouse = warehouse;
    this.config = config;
    this.progress = progress;
  }

  /**
   * Ingests the configured sources of data sets that are not there yet, and generates the arena.
   * Says so where a source is left unread.
   *
   * @throws InputException if a data set is neither there nor to be had
   */
  void ensure() {
    Set<String> wanted = new TreeSet<>(config.data().datasets());
    for (EvaluateConfig.Benchmark benchmark : config.evaluate().benchmarks().values()) {
      wanted.add(benchmark.dataset());
    }
    for (String dataset : wanted) {
      Optional<SourceConfig> source = Optional.ofNullable(config.data().sources().get(dataset));
      boolean made = !commits(dataset).present() && make(dataset, source);
      if (!made) {
        source.ifPresent(unread -> sayUnread(dataset, unread.path()));
      }
    }
  }

  private void sayUnread(String dataset, String path) {
    progress.say(
        "data set %s is in the prompts table already: %s is not read again (rephrase ingest adds what is new in it; another name in data.sources keeps it apart)"
            .formatted(dataset, path));
  }

  private DatasetCommits commits(String dataset) {
    return new DatasetCommits(warehouse, Tables.PROMPTS, dataset);
  }

  /** Whether it was not there until now. */
  private boolean make(String dataset, Optional<SourceConfig> source) {
    if (source.isPresent()) {
      return new IngestJob(warehouse, new VerifierGoldCheck())
          .runIfAbsent(config.run().id(), dataset, source.get())
          .isPresent();
    }
    if (dataset.equals(new ArenaWorld().dataset())) {
      return generateArena();
    }
    throw new InputException(
        "data set %s is not in the prompts table of %s, and data.sources names no file for it; set data.sources.%s.path, or run ingest first"
            .formatted(dataset, warehouse.root(), dataset));
  }

  private boolean generateArena() {
    ArenaWorld world = new ArenaWorld();
    List<Prompt> prompts = new ArrayList<>(world.train(ARENA_PROMPTS_PER_LEVEL, ARENA_SEED));
    ArenaWorld.LEVELS.forEach(level -> prompts.addAll(world.tuning(level)));
    ArenaWorld.LEVELS.forEach(level -> prompts.addAll(world.test(level)));
    RecordCodec<Prompt> codec = warehouse.codec(Tables.PROMPTS, Prompt.class);
    List<Row> rows = prompts.stream().map(codec::toRow).toList();
    Dataset<Row> arena = warehouse.session().createDataFrame(rows, codec.schema()).coalesce(1);
    DatasetCommits commits = commits(world.dataset());
    return commits
        .ifAbsent(next -> commits.append(arena, next) ? Optional.of(next) : Optional.empty())
        .isPresent();
  }
}

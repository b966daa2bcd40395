package io.rephrase.jobs.table;

import io.rephrase.data.RolloutGroup;
import io.rephrase.jobs.spark.SparkTestSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * A driver in a JVM of its own, made to be killed: it commits a planned stage chunk by chunk, two
 * in flight, and says in a file how far it is.
 */
final class KilledWriter {

  static final String RUN = "killed";
  static final int CHUNKS = 8;
  static final int ROWS = 50;

  private KilledWriter() {}

  public static void main(String[] args) throws Exception {
    Path progress = Path.of(args[1]);
    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), args[0]);
    try (RunOwnership owned = RunOwnership.acquire(warehouse, RUN, TakeOver.NEVER)) {
      commit(warehouse, owned, progress);
    } catch (ExecutionException e) {
      say(progress, "refused: " + e.getCause().getMessage());
      System.exit(2);
    }
  }

  static void commit(Warehouse warehouse, CommitFence fence, Path progress)
      throws InterruptedException, ExecutionException {
    TableStore store = warehouse.store(fence);
    StagePlan plan =
        RunLog.open(
                warehouse.controlTables(fence),
                new RunLog.Author(RUN, "rollout", "test"),
                Clock.systemUTC())
            .plan(Stage.ROLLOUT, 0, CHUNKS);
    ExecutorService inFlight = Executors.newFixedThreadPool(2);
    List<Future<?>> chunks =
        IntStream.range(0, CHUNKS)
            .<Future<?>>mapToObj(
                chunk ->
                    inFlight.submit(
                        () -> {
                          if (store.append(
                              Tables.ROLLOUT_GROUPS, rows(warehouse, chunk), plan.chunk(chunk))) {
                            say(progress, "committed " + chunk);
                          }
                          return null;
                        }))
            .toList();
    for (Future<?> chunk : chunks) {
      chunk.get();
    }
    inFlight.shutdown();
  }

  private static org.apache.spark.sql.Dataset<Row> rows(Warehouse warehouse, int chunk) {
    RecordCodec<RolloutGroup> codec = warehouse.codec(Tables.ROLLOUT_GROUPS, RolloutGroup.class);
    List<Row> rows =
        IntStream.range(chunk * ROWS, (chunk + 1) * ROWS)
            .mapToObj(position -> codec.toRow(Fixtures.group(RUN, 0, position, 1, 0)))
            .toList();
    return warehouse.session().createDataset(rows, codec.encoder());
  }

  private static void say(Path progress, String line) throws IOException {
    Files.writeString(progress, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}

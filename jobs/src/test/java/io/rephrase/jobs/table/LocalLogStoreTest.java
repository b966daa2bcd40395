package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLogStoreTest {

  private static final int WRITERS = 4;
  private static final int VERSIONS = 200;

  @TempDir Path log;
  private final Configuration configuration = new Configuration();
  private final LocalLogStore store = new LocalLogStore(configuration);

  @Test
  void ofWritersOfOneVersionOneCommitsAndTheOthersAreTold() throws Exception {
    for (int version = 0; version < VERSIONS; version++) {
      List<Integer> winners = race(version);

      assertThat(winners).as("version %d", version).hasSize(1);
      assertThat(Files.readAllLines(file(version)))
          .containsExactly("writer " + winners.get(0), "ends");
    }
    try (Stream<Path> files = Files.list(log)) {
      assertThat(files).as("no scratch is left").hasSize(VERSIONS);
    }
  }

  @Test
  void aVersionThatIsThereStaysUnlessItIsToBeReplaced() throws IOException {
    write(7, List.of("first", "é"), false);

    assertThatThrownBy(() -> write(7, List.of("second"), false))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(file(7))).isEqualTo("first\né\n");

    write(7, List.of("third"), true);
    assertThat(Files.readString(file(7))).isEqualTo("third\n");
  }

  /** Who committed, of writers that start at the same moment. */
  private List<Integer> race(int version) throws Exception {
    CyclicBarrier start = new CyclicBarrier(WRITERS);
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Boolean>> outcomes = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        List<String> lines = List.of("writer " + writer, "ends");
        Callable<Boolean> commit =
            () -> {
              start.await();
              try {
                write(version, lines, false);
                return true;
              } catch (FileAlreadyExistsException taken) {
                return false;
              }
            };
        outcomes.add(writers.submit(commit));
      }
      List<Integer> winners = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        if (outcomes.get(writer).get()) {
          winners.add(writer);
        }
      }
      return winners;
    } finally {
      writers.shutdownNow();
    }
  }

  private void write(int version, List<String> actions, boolean overwrite) throws IOException {
    store.write(
        new org.apache.hadoop.fs.Path(file(version).toUri()),
        actions.iterator(),
        overwrite,
        configuration);
  }

  private Path file(int version) {
    return log.resolve("%020d.json".formatted(version));
  }
}

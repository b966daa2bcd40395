package io.rephrase.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.jobs.table.SharedFileSystem;
import io.rephrase.training.CheckpointFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointCacheTest {

  @TempDir Path folder;

  private Path root;
  private CheckpointCache cache;

  @BeforeEach
  void openCache() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.shared.impl", SharedFileSystem.class.getName());
    root = folder.resolve("cache");
    cache = new CheckpointCache(root, hadoop);
  }

  @Test
  void ofTenPoliciesTheFourUsedLastStay() throws IOException {
    Path first = use(0);
    for (int version = 1; version < 10; version++) {
      use(version);
      // As the base of an adapter is.
      use(0);
    }

    assertThat(cached()).hasSize(4).contains(first);
    assertThat(Stream.of(first, use(9), use(8), use(7)))
        .containsExactlyInAnyOrderElementsOf(cached());
  }

  @Test
  void aPolicyThatWasDeletedIsDownloadedAgain() throws IOException {
    Path first = use(0);
    for (int version = 1; version < 5; version++) {
      use(version);
    }
    assertThat(first).doesNotExist();

    assertThat(use(0).resolve("weights")).hasContent("0");
  }

  @Test
  void aPolicyThatAnotherProcessUsesStays() throws Exception {
    Path first = use(0);
    for (int version = 1; version < 4; version++) {
      use(version);
    }
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                first + ".lock")
            .start();
    try {
      assertThat(other.getInputStream().read()).isEqualTo('+');
      use(4);
      assertThat(cached()).hasSize(5).contains(first);
    } finally {
      other.destroyForcibly().waitFor();
    }
    use(5);
    assertThat(cached()).hasSize(4).doesNotContain(first);
  }

  /** Holds a policy as a process that uses it does. */
  static final class Other {
    public static void main(String[] lockFile) throws Exception {
      FileChannel.open(Path.of(lockFile[0]), StandardOpenOption.READ).lock(0, Long.MAX_VALUE, true);
      System.out.write('+');
      System.out.flush();
      Thread.sleep(60_000);
    }
  }

  private Path use(int version) throws IOException {
    Path far = Files.createDirectories(folder.resolve("far").resolve("" + version));
    Path weights = Files.writeString(far.resolve("weights"), "" + version);
    return cache.local("shared:" + far, Map.of("weights", CheckpointFolder.sha256(weights)));
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      return folders.filter(Files::isDirectory).toList();
    }
  }
}

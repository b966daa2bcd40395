package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentRunsTest {

  @TempDir private Path folder;

  @Test
  void aPolicyIsSmallByTheBytesOfItsWeights() throws IOException {
    assertThat(ExperimentRuns.isSmall("embedded")).isTrue();
    assertThat(ExperimentRuns.isSmall("hdfs://name/models/7b")).isFalse();
    weights("model-1.safetensors", 40L << 20);
    assertThat(ExperimentRuns.isSmall(folder.toString())).isTrue();
    weights("model-2.safetensors", 24L << 20);
    assertThat(ExperimentRuns.isSmall(folder.toString())).isFalse();
    assertThat(ExperimentRuns.isSmall(folder.toUri().toString())).isFalse();
  }

  private void weights(String name, long bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      file.setLength(bytes);
    }
  }
}

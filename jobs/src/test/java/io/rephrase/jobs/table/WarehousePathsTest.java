package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarehousePathsTest {

  @ParameterizedTest
  @ValueSource(strings = {"/data/w", "file:/data/w", "file:///data/w"})
  void aFolderInsideALocalWarehouseIsStoredRelativeAndReadAsALocalPath(String root) {
    WarehousePaths paths = new WarehousePaths(root);

    assertThat(paths.stored("/data/w/_checkpoints/r/1-a/policy"))
        .isEqualTo("_checkpoints/r/1-a/policy");
    assertThat(paths.resolved("_checkpoints/r/1-a/policy"))
        .isEqualTo("/data/w/_checkpoints/r/1-a/policy");
  }

  @Test
  void aFolderInsideAWarehouseElsewhereIsFoundThroughItsScheme() {
    WarehousePaths paths = new WarehousePaths("s3a://bucket/w");

    assertThat(paths.local()).isEmpty();
    assertThat(paths.stored("s3a://bucket/w/_checkpoints/r/1-a/policy"))
        .isEqualTo("_checkpoints/r/1-a/policy");
    assertThat(paths.resolved("_checkpoints/r/1-a/policy"))
        .isEqualTo("s3a://bucket/w/_checkpoints/r/1-a/policy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/models/7b", "/data/w2/policy", "hdfs://host/models/7b", "file:/models/7b"})
  void aFolderOutsideKeepsItsFullPath(String outside) {
    WarehousePaths paths = new WarehousePaths("/data/w");

    assertThat(paths.stored(outside)).isEqualTo(outside);
    assertThat(paths.resolved(outside)).isEqualTo(outside);
  }
}

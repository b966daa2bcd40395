package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.jobs.driver.DriverProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows of 1.5 MB in 1 GB of heap. Parquet by itself looks at its buffers after 100 rows, 150 MB
 * that are read again as a whole, and Spark decodes 4096 rows at once. {@code
 * -Drephrase.longRows=2000} tries it at full size.
 */
class LongRowsIT {

  private static final int GROUPS = Integer.getInteger("rephrase.longRows", 200);

  @TempDir Path folder;

  @Test
  void aFileOfLongRowsIsWrittenAndReadInOneGigabyte() throws Exception {
    Path warehouse = folder.resolve("warehouse");
    try (DriverProcess process =
        DriverProcess.start(
            LongRows.class,
            folder.resolve("output"),
            List.of("-Xmx1g"),
            List.of(warehouse.toString(), Integer.toString(GROUPS)))) {
      assertThat(process.process().waitFor()).as(process.printed()).isZero();
      // 16 rollouts x 8,192 tokens a group.
      long tokens = (long) GROUPS * LongRows.ROLLOUTS * LongRows.TOKENS;
      assertThat(process.printed())
          .contains("written=" + GROUPS + " ", "spark=" + tokens + " ", "kernel=" + tokens + " ");
    }
    assertThat(dataFiles(warehouse)).hasSize(1);
  }

  private static List<Path> dataFiles(Path warehouse) throws IOException {
    try (Stream<Path> files = Files.walk(warehouse.resolve("rollout_groups"))) {
      return files.filter(file -> file.toString().endsWith(".snappy.parquet")).toList();
    }
  }
}

package io.rephrase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.jobs.driver.DriverProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code maintain} on a warehouse where two writers are not kept apart. */
class MaintainCommandIT {

  @TempDir Path folder;

  @Test
  void aWarehouseThatIsNotSafeToWriteToIsLeftAlone() throws Exception {
    Files.createDirectories(folder.resolve("warehouse").resolve("runs"));
    try (DriverProcess maintain =
        DriverProcess.start(
            Main.class,
            folder.resolve("output"),
            List.of("-Dspark.hadoop.fs.s3a.impl=" + Bucket.class.getName()),
            List.of("maintain", "--warehouse", "s3a:" + folder.resolve("warehouse")))) {
      assertThat(maintain.process().waitFor()).isEqualTo(2);
      assertThat(maintain.printed())
          .contains("on s3a the log store keeps writers apart only within one process");
    }
  }

  /** Local folders under the scheme {@code s3a}. */
  public static final class Bucket extends RawLocalFileSystem {

    @Override
    public URI getUri() {
      return URI.create("s3a:///");
    }
  }
}

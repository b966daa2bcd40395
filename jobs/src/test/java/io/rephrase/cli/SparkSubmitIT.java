package io.rephrase.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application jar under {@code SparkSubmit}, with the jars of Spark alone on the class path.
 */
class SparkSubmitIT {

  private static final Path TARGET = Path.of("target");
  private static final Pattern NOT_SPARKS =
      Pattern.compile("(delta-|rephrase|api-0|pytorch|tokenizers|jna|picocli).*");

  @TempDir Path folder;

  @Test
  void theApplicationFindsDeltaAndItsNativeLibraryBesideIt() throws Exception {
    assumeTrue(
        Files.exists(TARGET.resolve("rephrase-app.jar")),
        "target/rephrase-app.jar is not built: run mvn verify");
    assertThat(submit("doctor", "--warehouse", folder.toString()))
        .contains("libtorch 2.7.1")
        .contains("All is well.");
    assertThat(submit("runs", "--warehouse", folder.toString()))
        .contains("there is no warehouse; make one with quickstart or iterate");
  }

  private String submit(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("bin", "java-options.txt"),
                "-Xmx1g",
                "-cp",
                String.join(File.pathSeparator, jars("runtime", false)),
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--class",
                Main.class.getName(),
                "--jars",
                String.join(",", concatenated(jars("lib", true), jars("native", true))),
                TARGET.resolve("rephrase-app.jar").toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output-" + arguments[0]);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static List<String> jars(String folder, boolean ours) throws IOException {
    try (Stream<Path> files = Files.list(TARGET.resolve(folder))) {
      return files
          .filter(file -> ours || !NOT_SPARKS.matcher(file.getFileName().toString()).matches())
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private static List<String> concatenated(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}

package io.rephrase.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Our application under {@code SparkSubmit} in a process of its own, beside a pretended Spark
 * distribution: a folder with Spark's own jars alone.
 */
final class SparkApplication {

  static final Path JAR = Path.of("target", "rephrase-app.jar");

  private static final Pattern IN_THE_APPLICATION =
      Pattern.compile("(rephrase|api-0|pytorch|tokenizers|jna|picocli).*");

  private final Path home;
  private final String master;
  private final List<String> options = new ArrayList<>();

  /** What the process left behind. */
  record Ended(int exitCode, String output) {}

  private SparkApplication(Path home, String master) {
    this.home = home;
    this.master = master;
  }

  /** A fresh distribution of that name in the build folder. */
  static SparkApplication in(String name, String master) throws IOException {
    Path home = Path.of("target", "spark-homes", name);
    if (Files.exists(home)) {
      delete(home);
    }
    Files.createDirectories(home.resolve("jars"));
    List<String> ours = ourJars().map(jar -> jar.getFileName().toString()).toList();
    for (Path jar : jars("runtime")) {
      String file = jar.getFileName().toString();
      if (!ours.contains(file) && !IN_THE_APPLICATION.matcher(file).matches()) {
        link(home, jar);
      }
    }
    return new SparkApplication(home, master);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void link(Path home, Path jar) throws IOException {
    Files.createSymbolicLink(home.resolve("jars").resolve(jar.getFileName()), jar.toAbsolutePath());
  }

  /** Where workers leave what executors say. */
  Path work() {
    return home.resolve("work");
  }

  /** Delta and libtorch go along with the application, as the README says. */
  SparkApplication withOurJarsAlong() throws IOException {
    options.addAll(List.of("--jars", String.join(",", ourJars().map(Path::toString).toList())));
    return this;
  }

  /** Delta and libtorch belong to the distribution, as where an administrator put them there. */
  SparkApplication withOurJarsInstalled() throws IOException {
    for (Path jar : ourJars().toList()) {
      link(home, jar);
    }
    return this;
  }

  SparkApplication with(String key, String value) {
    options.addAll(List.of("--conf", key + "=" + value));
    return this;
  }

  /** Runs a command of ours to its end, which must come within {@code seconds}. */
  Ended run(long seconds, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("bin", "java-options.txt"),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=240m",
                "-Duser.timezone=UTC",
                "-cp",
                home.resolve("jars") + File.separator + "*",
                "org.apache.spark.deploy.SparkSubmit"));
    command.addAll(List.of("--master", master, "--class", Main.class.getName()));
    command.addAll(options);
    command.add(JAR.toString());
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(home, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("SPARK_HOME", home.toAbsolutePath().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    builder.environment().put("DJL_OFFLINE", "true");
    Process process = builder.start();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new AssertionError(
            "not ended after %d s:%n%s".formatted(seconds, Files.readString(output)));
      }
      return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      // Its executors end with it.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Stream<Path> ourJars() throws IOException {
    return Stream.concat(jars("lib").stream(), jars("native").stream());
  }

  private static List<Path> jars(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target", folder))) {
      return files.sorted().toList();
    }
  }
}

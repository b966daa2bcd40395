package io.rephrase.jobs.driver;

import io.rephrase.cli.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes of a small run as the JVM wants them in memory, as the launcher keeps them: a driver
 * starts with a third less CPU time. Made by the first driver that needs it, for all forks.
 */
final class ClassArchive {

  private static final Path FOLDER = Path.of("target").toAbsolutePath();
  private static final Path ARCHIVE = FOLDER.resolve("drivers.jsa");

  /** Not so where single tests run on the folders of compiled classes. */
  private static final boolean PACKAGED =
      Main.class.getProtectionDomain().getCodeSource().getLocation().getPath().endsWith(".jar");

  private ClassArchive() {}

  /** Jars before folders: an archive is of jars that come first. */
  static String classPath() {
    if (!PACKAGED) {
      return System.getProperty("java.class.path");
    }
    return Stream.concat(entries(Files::isRegularFile), entries(Files::isDirectory))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Stream<String> entries(Predicate<Path> kind) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> kind.test(Path.of(entry)));
  }

  /** Java's options to start with the archive; none where it can't be used. */
  static List<String> options() throws IOException {
    return PACKAGED && Files.exists(made())
        ? List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:cds*=off")
        : List.of();
  }

  private static synchronized Path made() throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                FOLDER.resolve("drivers.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && stale()) {
        make();
      }
    }
    return ARCHIVE;
  }

  /** The JVM leaves an archive aside that does not fit its jars: it is no use any more. */
  private static boolean stale() throws IOException {
    return !Files.exists(ARCHIVE)
        || entries(Files::isRegularFile)
            .anyMatch(jar -> modified(Path.of(jar)) > modified(ARCHIVE));
  }

  private static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void make() throws IOException {
    Path scratch = Files.createTempDirectory("drivers");
    Path made = FOLDER.resolve("drivers.new");
    List<String> words =
        List.of(
            "iterate",
            "--config",
            Path.of("..", "conf", "arena.conf").toString(),
            "--warehouse",
            scratch.resolve("warehouse").toString(),
            "run.iterations=1",
            "rollout.promptsPerIteration=4",
            "rollout.groupSize=4",
            "evaluate.benchmarks.arena.limitPerDifficulty=1",
            "spark.master=local[2]");
    try (DriverProcess driver =
        DriverProcess.startOn(
            entries(Files::isRegularFile).collect(Collectors.joining(File.pathSeparator)),
            Main.class,
            scratch.resolve("printed"),
            List.of("-XX:ArchiveClassesAtExit=" + made, "-Xlog:cds*=off"),
            words)) {
      if (driver.process().waitFor() != 0) {
        throw new AssertionError("the run for the class archive failed:\n" + driver.printed());
      }
      Files.move(made, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

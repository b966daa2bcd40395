package io.rephrase.jobs;

import io.rephrase.config.ExperimentConfig.PlannedRun;
import io.rephrase.config.PolicyConfig;
import io.rephrase.config.Setting;
import io.rephrase.jobs.spark.CheckpointCache;
import io.rephrase.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Does the runs of an experiment, each in a process and a warehouse of its own, several at once. A
 * run that was done under the same configuration is not started again; one that was stopped goes
 * on. Belongs to one thread.
 */
final class ExperimentRuns {

  private static final Duration STOPPING = Duration.ofSeconds(30);

  private static final long SMALL_BYTES = 64L << 20;
  private static final String ALL_COMPILERS = "-XX:TieredStopAtLevel=4";

  /** What this process's Java was told that its children's are told too. */
  private static final List<String> INHERITED =
      List.of(
          "--add-",
          "-D",
          "-Xmx",
          "-Xlog:cds",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:SharedArchiveFile",
          "-XX:TieredStopAtLevel",
          "-XX:ReservedCodeCacheSize");

  private final Path folder;
  private final int parallel;
  private final Progress progress;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * @param folder of logs and configurations, on this machine
   * @param parallel runs side by side at most
   */
  ExperimentRuns(Path folder, int parallel, Progress progress) {
    this.folder = folder.toAbsolutePath();
    this.parallel = Math.min(parallel, Runtime.getRuntime().availableProcessors());
    this.progress = progress;
  }

  /** Does what is not done yet, in order. Returns what went wrong, a line a run. */
  List<String> run(List<PlannedRun> runs) {
    Thread stopper = new Thread(this::stop, "experiment-stop");
    Runtime.getRuntime().addShutdownHook(stopper);
    ExecutorService lanes = Executors.newFixedThreadPool(parallel);
    try {
      List<Future<String>> outcomes = new ArrayList<>();
      for (PlannedRun run : runs) {
        outcomes.add(lanes.submit(() -> stopping || done(run) ? "" : start(run)));
      }
      List<String> failures = new ArrayList<>();
      for (Future<String> outcome : outcomes) {
        if (!outcome.get().isEmpty()) {
          failures.add(outcome.get());
        }
      }
      return failures;
    } catch (ExecutionException failed) {
      throw new IllegalStateException("doing the runs of an experiment", failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while runs went on", stopped);
    } finally {
      lanes.shutdownNow();
      removeHook(stopper);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      hook.setName("experiment-stopping"); // It runs by now.
    }
  }

  /** The runs stop as they do by Ctrl-C; one that does not in time is ended. */
  private void stop() {
    stopping = true;
    running.forEach(Process::destroy);
    try {
      for (Process process : running) {
        if (!process.waitFor(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
    } catch (InterruptedException hurried) {
      running.forEach(Process::destroyForcibly);
    }
  }

  private boolean done(PlannedRun run) throws IOException {
    Path mark = mark(run);
    return Files.exists(mark)
        && Files.readString(mark).equals(run.resolved().hash())
        && Files.isDirectory(Path.of(run.resolved().config().run().warehouse()));
  }

  private Path mark(PlannedRun run) {
    return folder.resolve("done").resolve(run.id());
  }

  private String start(PlannedRun run) throws IOException, InterruptedException {
    Path log = folder.resolve("logs").resolve(run.id() + ".log");
    Path configuration = folder.resolve("runs").resolve(run.id() + ".conf");
    for (Path file : List.of(log, configuration, mark(run))) {
      Files.createDirectories(file.getParent());
    }
    Files.write(configuration, lines(run));
    long began = System.nanoTime();
    progress.say("%s: started, log %s".formatted(run.id(), log));
    long earlier = Files.exists(log) ? Files.size(log) : 0;
    Process process = launch(run, configuration, log);
    running.add(process);
    int exit = process.waitFor();
    running.remove(process);
    long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
    if (stopping) {
      return run.id() + ": stopped";
    }
    if (exit == 0) {
      Files.writeString(mark(run), run.resolved().hash());
      progress.say("%s: done in %d s".formatted(run.id(), seconds));
      return "";
    }
    String failure =
        "%s: exit code %d after %d s: %s".formatted(run.id(), exit, seconds, why(log, earlier));
    progress.say(failure);
    return failure;
  }

  /** As a file of this configuration alone would say it. */
  private static List<String> lines(PlannedRun run) {
    return run.resolved().settings().entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue().value())
        .toList();
  }

  private Process launch(PlannedRun run, Path configuration, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> INHERITED.stream().anyMatch(option::startsWith))
        .filter(option -> !option.startsWith("-Drephrase.log.file"))
        .filter(option -> !option.startsWith("-Drephrase.terminal"))
        .forEach(command::add);
    if (!isSmall(run.resolved().config().policy().checkpoint())) {
      // One compiler serves short lives; without the other, hashing a checkpoint takes as long as
      // its iteration.
      command.add(ALL_COMPILERS);
    }
    command.add("-XX:+UseParallelGC");
    command.add("-Drephrase.log.file=" + folder.resolve("logs").resolve(run.id() + ".trace"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ExperimentProcess.class.getName());
    command.addAll(List.of("--config", configuration.toString()));
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors() / parallel);
    Setting master = run.resolved().settings().get("spark.master");
    if (parallel > 1 && master != null && master.origin().equals("built-in")) {
      command.add("spark.master=local[" + cores + "]");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("DJL_OFFLINE", "true");
    if (parallel > 1) {
      builder.environment().putIfAbsent("OMP_NUM_THREADS", Integer.toString(cores));
    }
    return builder.start();
  }

  /** Whether a run is over before a second compiler pays: the arena's policies have 1.4 MB. */
  static boolean isSmall(String checkpoint) throws IOException {
    if (checkpoint.equals(PolicyConfig.EMBEDDED)) {
      return true;
    }
    if (!CheckpointCache.isLocal(checkpoint)) {
      return false;
    }
    Path folder = CheckpointCache.localPath(checkpoint);
    long bytes = 0;
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.safetensors")) {
        for (Path file : files) {
          bytes += Files.size(file);
        }
      }
    }
    return bytes < SMALL_BYTES;
  }

  /** What a run said last, of what stands in its log after the first {@code before} bytes. */
  private static String why(Path log, long before) {
    try (InputStream in = Files.newInputStream(log)) {
      in.skipNBytes(before);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("rephrase:"))
          .reduce((earlier, later) -> later)
          .map(line -> line.substring("rephrase:".length()).strip())
          .orElse("see " + log);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("reading " + log, unreadable);
    }
  }
}

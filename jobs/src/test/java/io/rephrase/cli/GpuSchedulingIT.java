package io.rephrase.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An iteration on a cluster of a master, two workers and two executors, each with a pretended GPU
 * that a discovery script tells of. What Spark gave each executor stands in Spark's event log; what
 * each task used, in the log of its executor. {@code engine.device = cpu}, since there is no GPU.
 */
class GpuSchedulingIT {

  private static final Pattern LEASE =
      Pattern.compile(
          "lease run=arena policy_version=(\\d+) stage_id=(\\d+) partition=(\\d+) executor=(\\d+)"
              + " gpu_address=(\\S+) device=(\\S+) loads=(\\d+) take_ups=(\\d+) leases=(\\d+)");

  @TempDir Path folder;

  /** A task that had an executor's engine. */
  private record Lease(
      int stage, int partition, String executor, String address, String device, Work work) {}

  /** What the executor had done by then. */
  private record Work(int policyVersion, int loads, int takeUps, int leases) {}

  @Test
  void eachTaskUsesTheDeviceItWasGivenAndOneEngineServesAllOfAnExecutors() throws Exception {
    assumeTrue(
        Files.exists(SparkApplication.JAR), "target/rephrase-app.jar is not built: run mvn verify");
    SparkApplication cluster = cluster();
    SparkApplication.Ended ended = iterate(cluster);
    assertThat(ended.output()).contains("iteration 1/1 train", "evaluate policy 1");
    assertThat(ended.exitCode()).isZero();

    List<JsonObject> events = events();
    Map<String, String> given = addresses(events);
    assertThat(given.values()).containsExactlyInAnyOrder("0", "1");
    List<Lease> leases = leases(cluster.work());
    assertThat(leases)
        .allSatisfy(lease -> assertThat(lease.address()).isEqualTo(given.get(lease.executor())))
        .allSatisfy(lease -> assertThat(lease.device()).isEqualTo("cpu"));

    // Every task of the stages that generate, and each on its executor, had the engine.
    assertThat(leases.stream().map(GpuSchedulingIT::task).toList())
        .containsExactlyInAnyOrderElementsOf(tasksOf(leases, events));
    Map<String, List<Lease>> byExecutor =
        leases.stream().collect(Collectors.groupingBy(Lease::executor));
    assertThat(byExecutor.keySet()).isEqualTo(given.keySet());
    assertThat(byExecutor.values()).allSatisfy(GpuSchedulingIT::oneEngineServedAll);
  }

  /** One was opened; policy 1 was taken up in place; nobody else had it in between. */
  private static void oneEngineServedAll(Collection<? extends Lease> leases) {
    assertThat(leases).allSatisfy(lease -> assertThat(lease.work().loads()).isEqualTo(1));
    assertThat(leases)
        .allSatisfy(
            lease -> assertThat(lease.work().takeUps()).isEqualTo(lease.work().policyVersion()));
    assertThat(leases.stream().map(lease -> lease.work().leases()).sorted().toList())
        .isEqualTo(Stream.iterate(1, n -> n + 1).limit(leases.size()).toList());
  }

  private SparkApplication cluster() throws IOException {
    Path script = folder.resolve("gpus.sh");
    Path taken = folder.resolve("gpu-0-is-taken");
    // Two workers on one machine: the first to ask has GPU 0, the second GPU 1.
    Files.writeString(
        script,
        """
        #!/bin/sh
        if mkdir "%s" 2>/dev/null; then gpu=0; else gpu=1; fi
        echo "{\\"name\\":\\"gpu\\",\\"addresses\\":[\\"$gpu\\"]}"
        """
            .formatted(taken));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectory(folder.resolve("events"));
    return SparkApplication.in("cluster", "local-cluster[2,1,1024]")
        .withOurJarsInstalled()
        .with("spark.worker.resource.gpu.amount", "1")
        .with("spark.worker.resource.gpu.discoveryScript", script.toString())
        .with("spark.executor.resource.gpu.amount", "1")
        .with("spark.executor.cores", "1")
        .with("spark.executor.memory", "1g")
        .with("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        // A machine that does more than this test is no lost worker.
        .with("spark.worker.timeout", "600")
        .with("spark.network.timeout", "600s")
        .with("spark.driver.host", "127.0.0.1")
        .with("spark.driver.bindAddress", "127.0.0.1")
        .with("spark.ui.enabled", "false")
        .with("spark.sql.shuffle.partitions", "1")
        .with("spark.databricks.delta.snapshotPartitions", "1")
        .with("spark.eventLog.enabled", "true")
        .with("spark.eventLog.dir", folder.resolve("events").toUri().toString())
        .with("spark.eventLog.compress", "false")
        .with("spark.eventLog.rolling.enabled", "false");
  }

  private SparkApplication.Ended iterate(SparkApplication cluster) throws Exception {
    return cluster.run(
        600,
        "iterate",
        "--config",
        Path.of("..", "conf", "arena.conf").toString(),
        "--warehouse",
        folder.resolve("warehouse").toString(),
        "run.iterations=1",
        "rollout.promptsPerIteration=4",
        "rollout.groupSize=4",
        "evaluate.benchmarks.arena.limitPerDifficulty=1",
        "engine.deterministic=false");
  }

  private List<JsonObject> events() throws IOException {
    try (Stream<Path> logs = Files.list(folder.resolve("events"))) {
      Path log = logs.filter(Files::isRegularFile).findFirst().orElseThrow();
      return Files.readAllLines(log).stream()
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .toList();
    }
  }

  private static Stream<JsonObject> named(List<JsonObject> events, String name) {
    return events.stream().filter(event -> event.get("Event").getAsString().equals(name));
  }

  /** The GPU of each executor, as Spark says. */
  private static Map<String, String> addresses(List<JsonObject> events) {
    return named(events, "SparkListenerExecutorAdded")
        .collect(
            Collectors.toMap(
                event -> event.get("Executor ID").getAsString(),
                event ->
                    event
                        .getAsJsonObject("Executor Info")
                        .getAsJsonObject("Resources")
                        .getAsJsonObject("gpu")
                        .getAsJsonArray("addresses")
                        .get(0)
                        .getAsString()));
  }

  /** Stage, partition and executor of every task of the stages in which a task had an engine. */
  private static List<String> tasksOf(List<Lease> leases, List<JsonObject> events) {
    List<Integer> stages = leases.stream().map(Lease::stage).distinct().toList();
    return named(events, "SparkListenerTaskEnd")
        .filter(event -> stages.contains(event.get("Stage ID").getAsInt()))
        .map(
            event ->
                "stage %d partition %d executor %s"
                    .formatted(
                        event.get("Stage ID").getAsInt(),
                        event.getAsJsonObject("Task Info").get("Partition ID").getAsInt(),
                        event.getAsJsonObject("Task Info").get("Executor ID").getAsString()))
        .toList();
  }

  private static String task(Lease lease) {
    return "stage %d partition %d executor %s"
        .formatted(lease.stage(), lease.partition(), lease.executor());
  }

  private static List<Lease> leases(Path work) throws IOException {
    try (Stream<Path> files = Files.walk(work)) {
      return files
          .filter(file -> file.endsWith("stderr"))
          .flatMap(GpuSchedulingIT::lines)
          .map(LEASE::matcher)
          .filter(Matcher::find)
          .map(GpuSchedulingIT::lease)
          .toList();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  private static Lease lease(Matcher line) {
    Function<Integer, Integer> number = group -> Integer.valueOf(line.group(group));
    return new Lease(
        number.apply(2),
        number.apply(3),
        line.group(4),
        line.group(5),
        line.group(6),
        new Work(number.apply(1), number.apply(7), number.apply(8), number.apply(9)));
  }
}

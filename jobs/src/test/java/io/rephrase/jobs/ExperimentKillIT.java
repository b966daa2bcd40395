package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.cli.Main;
import io.rephrase.jobs.driver.DriverProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An experiment whose process gets SIGKILL in its second run goes on by the same command, repeats
 * no finished run, and says the same as one that was left alone.
 */
class ExperimentKillIT {

  private static final String GRID =
      """
      include "%s"
      run.iterations = 1
      rollout { promptsPerIteration = 6, groupSize = 3, maxTokens = 24 }
      rephrase.maxTokens = 24
      train.stepsPerIteration = 1
      evaluate.benchmarks.arena.limitPerDifficulty = 2
      engine.threads = 1
      spark.master = "local[1]"
      experiment {
        name = x
        methods { repo { algorithm.preset = repo }, grpo { algorithm.preset = grpo } }
        seeds = [1]
        parallel = %d
        primary { method = repo, against = grpo, difficulties = [1, 2] }
      }
      """;

  @TempDir Path folder;

  @Test
  void killedInItsSecondRunItGoesOnAndSaysTheSame() throws Exception {
    Path killed = Files.createDirectories(folder.resolve("killed"));
    killInSecondRun(killed);
    FileTime finished = Files.getLastModifiedTime(firstLog(killed));
    assertThat(killed.resolve("out/done/x-repo-1")).exists();
    assertThat(killed.resolve("out/done/x-grpo-1")).doesNotExist();

    String printed = finish(killed, 1);
    assertThat(printed).contains("x-grpo-1: started", "2 of 2 runs are compared");
    assertThat(printed).doesNotContain("x-repo-1: started");
    assertThat(Files.getLastModifiedTime(firstLog(killed))).isEqualTo(finished);

    Path alone = Files.createDirectories(folder.resolve("alone"));
    finish(alone, 2);
    // A header, and 2 runs x 2 policies x 6 levels.
    assertThat(Files.readAllLines(killed.resolve("out/scores.csv")))
        .hasSize(25)
        .isEqualTo(Files.readAllLines(alone.resolve("out/scores.csv")));
    JsonObject figures = figures(killed);
    assertThat(figures).isEqualTo(figures(alone));
    pairIsWhatTheRunsScored(figures, Files.readAllLines(killed.resolve("out/scores.csv")));
  }

  @Test
  void aRunThatASignalStopsSaysSoWithoutAStackTrace() throws Exception {
    Path warehouse = folder.resolve("stopped");
    List<String> words = new ArrayList<>(List.of("--config", arena().toString()));
    words.addAll(List.of("run.warehouse=" + warehouse, "spark.master=local[1]"));
    try (DriverProcess run =
        DriverProcess.start(
            ExperimentProcess.class, folder.resolve("stopped.txt"), List.of(), words)) {
      await(run, warehouse.resolve("rollout_groups/_delta_log/00000000000000000001.json"));
      run.process().destroy();
      assertThat(run.process().waitFor()).isEqualTo(143);
      assertThat(run.printed()).doesNotContain("\tat ");
    }
  }

  private static void await(DriverProcess driver, Path file) throws Exception {
    while (!Files.exists(file)) {
      assertThat(driver.process().isAlive()).as(driver.printed()).isTrue();
      Thread.sleep(20);
    }
  }

  private static Path arena() {
    return Path.of("..", "conf", "arena.conf").toAbsolutePath().normalize();
  }

  /** The mean of levels 1 and 2 of the final policies, two problems each, and their difference. */
  private static void pairIsWhatTheRunsScored(JsonObject figures, List<String> scores) {
    JsonObject primary = figures.getAsJsonObject("primary");
    JsonObject pair = primary.getAsJsonArray("pairs").get(0).getAsJsonObject();
    double repo = mean(scores, "x-repo-1,repo,1,1,");
    double grpo = mean(scores, "x-grpo-1,grpo,1,1,");
    assertThat(pair.get("method").getAsDouble()).isEqualTo(repo);
    assertThat(pair.get("against").getAsDouble()).isEqualTo(grpo);
    JsonObject difference = primary.getAsJsonObject("difference");
    assertThat(difference.get("mean").getAsDouble()).isEqualTo(repo - grpo);
    assertThat(difference.get("low").isJsonNull()).as("one pair has no interval").isTrue();
  }

  private static double mean(List<String> scores, String run) {
    return scores.stream()
        .filter(line -> line.startsWith(run))
        .map(line -> line.split(","))
        .filter(cells -> Double.parseDouble(cells[7]) <= 2)
        .mapToDouble(cells -> Double.parseDouble(cells[8]))
        .average()
        .orElseThrow();
  }

  /** Its rollouts are there, its policy is not. */
  private void killInSecondRun(Path place) throws Exception {
    Path rollouts = place.resolve("w/x-grpo-1/rollout_groups/_delta_log");
    try (DriverProcess driver = start(place, 1)) {
      await(driver, rollouts);
      driver.kill();
    }
  }

  private String finish(Path place, int parallel) throws Exception {
    try (DriverProcess driver = start(place, parallel)) {
      assertThat(driver.process().waitFor()).as(driver.printed()).isZero();
      return driver.printed();
    }
  }

  private DriverProcess start(Path place, int parallel) throws IOException {
    Path file = place.resolve("grid.conf");
    Files.writeString(file, GRID.formatted(arena(), parallel));
    Path printed = Files.createTempFile(place, "printed", ".txt");
    List<String> words =
        List.of(
            "experiment",
            "--config",
            file.toString(),
            "--warehouse",
            place.resolve("w").toString(),
            "--output",
            place.resolve("out").toString());
    return DriverProcess.start(Main.class, printed, List.of(), words);
  }

  private static Path firstLog(Path place) {
    return place.resolve("out/logs/x-repo-1.log");
  }

  /** All but the times. */
  private static JsonObject figures(Path place) throws IOException {
    JsonObject figures =
        JsonParser.parseString(Files.readString(place.resolve("out/figures.json")))
            .getAsJsonObject();
    figures.remove("generated_at");
    for (JsonElement cost : figures.getAsJsonArray("costs")) {
      cost.getAsJsonObject().remove("seconds");
      cost.getAsJsonObject().remove("cpu_seconds");
    }
    return figures;
  }
}

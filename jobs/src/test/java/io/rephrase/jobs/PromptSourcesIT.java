package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.config.ConfigLoader;
import io.rephrase.config.RunConfig;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptSourcesIT {

  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @Test
  void aSourceOfADataSetThatIsThereIsNotReadAgainAndTheRunSaysSo() throws IOException {
    Warehouse warehouse = warehouse();
    Path first = file("first.jsonl", "1+1?");
    Path second = file("second.jsonl", "2+2?");

    sources(warehouse, first).ensure();
    assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    sources(warehouse, second).ensure();

    assertThat(said.toString(StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines(
            "data set sums is in the prompts table already: "
                + second
                + " is not read again (rephrase ingest adds what is new in it; another name in"
                + " data.sources keeps it apart)");
    assertThat(warehouse.read(Tables.PROMPTS).select("question").collectAsList())
        .singleElement()
        .hasToString("[1+1?]");
  }

  @Test
  void ofTwoFirstStartsAtOnceOneReadsItsSourceAndTheOtherLeavesItsOwn() throws Exception {
    List<Path> files = List.of(file("first.jsonl", "1+1?"), file("second.jsonl", "2+2?"));
    CyclicBarrier start = new CyclicBarrier(files.size());
    ExecutorService threads = Executors.newFixedThreadPool(files.size());
    List<Future<Warehouse>> runs =
        files.stream()
            .map(
                file ->
                    threads.submit(
                        () -> {
                          start.await();
                          Warehouse warehouse = warehouse();
                          sources(warehouse, file).ensure();
                          return warehouse;
                        }))
            .toList();
    threads.shutdown();
    for (Future<Warehouse> run : runs) {
      run.get();
    }

    assertThat(runs.get(0).get().read(Tables.PROMPTS).count()).isEqualTo(1);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("data set sums is in the prompts table already");
  }

  private Warehouse warehouse() {
    return Warehouse.open(SparkTestSession.get(), "shared:" + folder.resolve("warehouse"));
  }

  private PromptSources sources(Warehouse warehouse, Path file) {
    RunConfig config =
        new ConfigLoader()
            .words(
                List.of(
                    "data.datasets=[sums]",
                    "data.sources.sums.path=" + file,
                    "data.sources.sums.verifier=numeric",
                    "data.sources.sums.split=train"))
            .load()
            .config();
    return new PromptSources(warehouse, config, Progress.asLines(new PrintStream(said, true)));
  }

  private Path file(String name, String question) throws IOException {
    return Files.writeString(
        folder.resolve(name), "{\"question\": \"" + question + "\", \"gold\": \"2\"}\n");
  }
}

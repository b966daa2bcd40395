package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.InputException;
import io.rephrase.RephraseException;
import io.rephrase.data.Prompt;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.DatasetCommits;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every entry of the catalogue of jobs keeps to. */
class JobsIT {

  @TempDir static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
  }

  @ParameterizedTest
  @EnumSource
  void aJobIsDescribedAndItsMainSaysWhichWordsItTakes(Jobs job) {
    StringWriter out = new StringWriter();

    JobMain.run(job, List.of("--help"), new PrintWriter(out));

    assertThat(job.description()).endsWith(".").hasSizeGreaterThan(20);
    assertThat(out.toString()).startsWith(job.description()).contains("[key=value...]");
    assertThatThrownBy(
            () -> JobMain.run(job, List.of("--colour"), new PrintWriter(new StringWriter())))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("unknown option --colour");
  }

  @ParameterizedTest
  @EnumSource
  void aJobRefusesMissingInputByTheNameOfItsTable(Jobs job) {
    String run = "missing-" + job.label();
    JobCall call =
        switch (job) {
          case INGEST -> TinyRuns.call(warehouse, run);
          case ITERATE, CONTAMINATION -> TinyRuns.call(warehouse, run, "data.datasets=[nowhere]");
          case ROLLOUT, EVALUATE -> TinyRuns.call(warehouse, run).at(1);
          case REPHRASE, GUIDE, TRAIN -> TinyRuns.call(warehouse, run);
        };
    String expected =
        switch (job) {
          case INGEST -> "into table prompts";
          case ITERATE, CONTAMINATION -> "data set nowhere is not in the prompts table";
          case ROLLOUT, EVALUATE ->
              "run %s has no policy version 1, table checkpoints holds [0]; make it with `rephrase train --iteration 0`"
                  .formatted(run);
          case REPHRASE, GUIDE ->
              "table rollout_groups has nothing of iteration 0 of run %s; make it with `rephrase rollout --iteration 0`"
                  .formatted(run);
          case TRAIN ->
              "table guidance has nothing of iteration 0 of run %s; make it with `rephrase guide --iteration 0`"
                  .formatted(run);
        };

    assertThatThrownBy(() -> job.run(warehouse, call))
        .isInstanceOf(RephraseException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void stagesOneByOneMakeTheTablesOfAWholeRunAndAreIdempotent() {
    Jobs.ITERATE.run(warehouse, TinyRuns.call(warehouse, "whole"));
    List<Jobs> stages = List.of(Jobs.ROLLOUT, Jobs.REPHRASE, Jobs.GUIDE, Jobs.TRAIN, Jobs.EVALUATE);
    Jobs.EVALUATE.run(warehouse, TinyRuns.call(warehouse, "alone"));
    for (int iteration = 0; iteration < 2; iteration++) {
      // Without a number a stage takes the first iteration where it is not done.
      for (Jobs job : stages) {
        job.run(warehouse, TinyRuns.call(warehouse, "alone"));
      }
    }

    Map<Tables, Long> versions = versions();
    for (Jobs job : stages) {
      job.run(warehouse, TinyRuns.call(warehouse, "alone").at(1));
    }
    Jobs.ROLLOUT.run(warehouse, TinyRuns.call(warehouse, "alone"));
    Jobs.ITERATE.run(warehouse, TinyRuns.call(warehouse, "alone"));

    assertThat(versions()).as("nothing was committed again").isEqualTo(versions);
    compare(
        Tables.ROLLOUT_GROUPS, "iteration", "prompt_id", "rollouts.token_ids", "rollouts.reward");
    compare(Tables.REPHRASINGS, "iteration", "prompt_id", "token_ids", "accepted");
    compare(Tables.GUIDANCE, "iteration", "prompt_id", "source", "advantages");
    compare(Tables.TRAINING_STEPS, "iteration", "step", "loss", "gradient_norm");
    compare(Tables.CHECKPOINTS, "policy_version", "sha256['model.safetensors']");
    compare(Tables.EVALUATIONS, "policy_version", "prompt_id", "text", "reward");
    assertThat(TinyRuns.rows(warehouse, Tables.RUNS, "alone", "status"))
        .contains("[started]")
        .containsOnlyOnce("[finished]");
    warehouse.registerViews();
    assertThat(
            warehouse
                .session()
                .sql(
                    "SELECT run_id, status, preset, trained, last_scores RLIKE 'arena=[01][.][0-9]{3}'"
                        + " FROM run_overview WHERE run_id IN ('alone', 'whole') ORDER BY run_id")
                .collectAsList()
                .toString())
        .isEqualTo("[[alone,finished,repo,2/2,true], [whole,finished,repo,2/2,true]]");
  }

  @Test
  void whatIsIngestedOrSizedAnewDuringARunShiftsNoPrompt() {
    Jobs.ROLLOUT.run(warehouse, TinyRuns.call(warehouse, "steady"));
    addPrompts(50);
    // Another chunk size, as a cluster of another size would take.
    for (Jobs job : List.of(Jobs.REPHRASE, Jobs.GUIDE, Jobs.TRAIN, Jobs.ROLLOUT)) {
      job.run(warehouse, TinyRuns.call(warehouse, "steady", "spark.chunkPrompts=2"));
    }
    Jobs.ROLLOUT.run(warehouse, TinyRuns.call(warehouse, "later"));

    List<String> steady = drawn("steady", 1);
    assertThat(steady).hasSize(6).noneMatch(id -> id.contains("added"));
    assertThat(TinyRuns.rows(warehouse, Tables.RUNS, "steady", "inputs['prompts']").stream())
        .filteredOn(version -> !version.equals("[null]"))
        .as("the version of the first event, on every resume")
        .hasSizeGreaterThan(1)
        .allMatch(TinyRuns.rows(warehouse, Tables.RUNS, "steady", "inputs['prompts']")::contains)
        .containsOnly(
            warehouse
                .read(Tables.RUNS)
                .where("run_id = 'steady' AND sequence = 0")
                .selectExpr("inputs['prompts']")
                .first()
                .toString());
    assertThat(drawn("later", 0)).as("a run begun later draws from more prompts").hasSize(6);
  }

  @Test
  void aMistakeAtTheFirstStartLeavesTheNameFree() throws IOException {
    Path adapter = Files.createDirectories(folder.resolve("adapter"));
    Files.createFile(adapter.resolve("adapter_model.safetensors"));
    assertThatThrownBy(
            () ->
                Jobs.ITERATE.run(
                    warehouse, TinyRuns.call(warehouse, "free", "policy.checkpoint=" + adapter)))
        .hasMessageContaining("is a LoRA adapter and no whole checkpoint")
        .hasMessageContaining("`rephrase merge --checkpoint " + adapter + " --output FOLDER`");
    String nowhere = folder.resolve("nowhere").toString();
    assertThatThrownBy(
            () ->
                Jobs.ITERATE.run(
                    warehouse, TinyRuns.call(warehouse, "free", "policy.checkpoint=" + nowhere)))
        .hasMessageContaining("policy.checkpoint " + nowhere + " is no Hugging Face folder");
    assertThatThrownBy(
            () ->
                Jobs.ITERATE.run(
                    warehouse,
                    TinyRuns.call(
                        warehouse,
                        "free",
                        "data.datasets=[sums]",
                        "data.sources.sums.path=" + nowhere + ".jsonl")))
        .hasMessageContaining("there is no data source " + nowhere);
    assertThatThrownBy(
            () ->
                Jobs.ITERATE.run(
                    warehouse,
                    TinyRuns.call(warehouse, "free", "evaluate.benchmarks.arena.split=x")))
        .hasMessageContaining("the prompts table has no problems of dataset arena, split x");

    Jobs.ROLLOUT.run(warehouse, TinyRuns.call(warehouse, "free"));

    assertThat(drawn("free", 0)).hasSize(6);
  }

  private static List<String> drawn(String run, int iteration) {
    return warehouse
        .read(Tables.ROLLOUT_GROUPS)
        .where("run_id = '%s' AND iteration = %d".formatted(run, iteration))
        .select("prompt_id")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static void addPrompts(int count) {
    RecordCodec<Prompt> codec = warehouse.codec(Tables.PROMPTS, Prompt.class);
    List<Row> rows =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    codec.toRow(
                        new Prompt(
                            "arena",
                            "added" + i,
                            "1+" + i + "=",
                            Integer.toString(i + 1),
                            "arena",
                            Optional.empty(),
                            Optional.empty(),
                            "train",
                            Optional.of(1.0 + i % 6),
                            Map.of())))
            .toList();
    DatasetCommits commits = new DatasetCommits(warehouse, Tables.PROMPTS, "arena");
    commits.append(warehouse.session().createDataFrame(rows, codec.schema()), commits.next());
  }

  /** Tables other than the logs of what was called and how long it took. */
  private static Map<Tables, Long> versions() {
    Map<Tables, Long> versions = new LinkedHashMap<>();
    for (Tables table : Tables.values()) {
      if (table != Tables.RUNS && table != Tables.STAGE_TIMES) {
        versions.put(table, warehouse.version(table));
      }
    }
    return versions;
  }

  private static void compare(Tables table, String... columns) {
    assertThat(TinyRuns.rows(warehouse, table, "alone", columns))
        .as(table.label())
        .isEqualTo(TinyRuns.rows(warehouse, table, "whole", columns))
        .isNotEmpty();
  }
}

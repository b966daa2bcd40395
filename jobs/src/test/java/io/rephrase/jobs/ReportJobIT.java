package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.InputException;
import io.rephrase.config.ConfigLoader;
import io.rephrase.data.Evaluation;
import io.rephrase.data.FinishReason;
import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.Prompt;
import io.rephrase.data.RejectReason;
import io.rephrase.data.Rephrasing;
import io.rephrase.data.RunStatus;
import io.rephrase.data.VerdictStatus;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Fixtures;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One iteration of run "r": p0 is hard (0, 0) and its rollout 1 is substituted by attempt 1, p1 is
 * easy (1, 0). Run BARE has begun and recorded nothing else.
 */
class ReportJobIT {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-05T12:00:00Z"), ZoneOffset.UTC);

  /** A name that SQL must not read as SQL. */
  private static final String BARE = "it's \\ bare";

  @TempDir static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void fillTheWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
    write(Tables.PROMPTS, prompt("p0"), prompt("p1"));
    write(Tables.ROLLOUT_GROUPS, Fixtures.group("r", 0, 0, 0, 0), Fixtures.group("r", 0, 1, 1, 0));
    write(Tables.GUIDANCE, substituted(), Fixtures.guidance("r", 0, 1));
    write(Tables.REPHRASINGS, rephrasing(0, false), rephrasing(1, true));
    write(Tables.EVALUATIONS, evaluation(0, 0), evaluation(1, 1));
    warehouse
        .controlTables()
        .append(Tables.TRAINING_STEPS, List.of(Fixtures.step("r", 0, 0)), "r/train/0");
    String config = new ConfigLoader().words(List.of("guidance.rho=0.9")).load().canonicalJson();
    begin("r", config).note(RunStatus.FINISHED, "all done");
    begin(BARE, config);
  }

  @Test
  void pageHoldsTheRunsNumbersAndGroups() throws IOException {
    Path file = folder.resolve("out/r.html");

    ReportJob.Summary summary = job().run(ReportJob.Request.of("r", file));

    assertThat(summary.groups()).isEqualTo(2);
    assertThat(summary.bytes()).isEqualTo(Files.size(file));
    JsonObject data = data(file);
    assertThat(data.getAsJsonObject("run").get("status").getAsString()).isEqualTo("finished");
    assertThat(data.get("rho").getAsDouble()).isEqualTo(0.9);
    JsonObject series = data.getAsJsonArray("series").get(0).getAsJsonObject();
    JsonObject iteration = series.getAsJsonArray("iterations").get(0).getAsJsonObject();
    // Sampled: (0 + 0 + 1 + 0)/4; after: (0 + 1 + 1 + 0)/4; 4 rollouts and 2 attempts of 2 and 4
    // tokens.
    assertThat(iteration.get("reward_mean").getAsDouble()).isEqualTo(0.25);
    assertThat(iteration.get("reward_mean_after").getAsDouble()).isEqualTo(0.5);
    assertThat(iteration.get("by_substitution").getAsInt()).isEqualTo(1);
    assertThat(iteration.get("rollout_tokens").getAsInt()).isEqualTo(8);
    assertThat(iteration.get("attempt_tokens").getAsInt()).isEqualTo(8);
    assertThat(iteration.getAsJsonObject("rejections").toString()).isEqualTo("{\"wrong\":1}");
    assertThat(iteration.getAsJsonObject("stage_seconds").get("train").getAsDouble())
        .isEqualTo(2.5);
    JsonObject steps = series.getAsJsonObject("step_metrics");
    assertThat(steps.get("entropy").toString()).isEqualTo("[0.5]");
    assertThat(steps.get("kl_reference").toString()).isEqualTo("[null]");
    assertThat(series.getAsJsonArray("accuracy")).hasSize(2);
  }

  @Test
  void groupOnThePageCarriesItsDecisionAndItsRephrasings() throws IOException {
    Path file = folder.resolve("groups.html");
    job().run(ReportJob.Request.of("r", file));

    JsonObject group = data(file).getAsJsonArray("groups").get(0).getAsJsonObject();
    assertThat(group.get("question").getAsString()).isEqualTo("Add 3 and 4.");
    assertThat(group.getAsJsonObject("decision").get("substituted_index").getAsInt()).isEqualTo(1);
    assertThat(group.getAsJsonArray("rollouts")).hasSize(2);
    JsonObject accepted = group.getAsJsonArray("attempts").get(1).getAsJsonObject();
    assertThat(accepted.get("raw_text").getAsString()).isEqualTo("Sure. It is 7");
    assertThat(accepted.getAsJsonObject("answer").get("text").getAsString()).isEqualTo("It is 7");
  }

  @Test
  void valuesThatDifferFromTheDefaultSaySo() throws IOException {
    Path file = folder.resolve("config.html");
    job().run(ReportJob.Request.of("r", file));

    assertThat(data(file).getAsJsonArray("configuration").toString())
        .contains(
            "{\"key\":\"guidance.delta\",\"value\":\"0.5\",\"origin\":\"default\"}",
            "{\"key\":\"guidance.rho\",\"value\":\"0.9\",\"origin\":\"this run; the default is 0.75\"}");
  }

  @Test
  void runThatHasOnlyBegunGivesAPageAndCanBeCompared() throws IOException {
    Path file = folder.resolve("bare.html");

    job().run(new ReportJob.Request(BARE, List.of("r"), file, 5));

    JsonObject data = data(file);
    assertThat(data.getAsJsonArray("series")).hasSize(2);
    assertThat(data.getAsJsonArray("groups")).isEmpty();
    assertThat(data.getAsJsonArray("headlines")).isEmpty();
  }

  @Test
  void ofManyGroupsTheSubstitutedComeFirst() throws IOException {
    Path file = folder.resolve("few.html");

    job().run(new ReportJob.Request("r", List.of(), file, 1));

    JsonObject data = data(file);
    assertThat(
            data.getAsJsonArray("groups").get(0).getAsJsonObject().get("prompt_id").getAsString())
        .isEqualTo("p0");
    assertThat(data.getAsJsonObject("selection").get("total").getAsInt()).isEqualTo(2);
  }

  @Test
  void unknownRunIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> job().run(ReportJob.Request.of("R", folder.resolve("no.html"))))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("run \"R\" is not in warehouse ")
        .hasMessageContaining("it holds, newest first: ")
        .hasMessageContaining(BARE);
  }

  private static ReportJob job() {
    return new ReportJob(warehouse, NOON);
  }

  private static JsonObject data(Path file) throws IOException {
    String html = Files.readString(file);
    String opening = "id=\"report-data\">";
    int start = html.indexOf(opening) + opening.length();
    return JsonParser.parseString(html.substring(start, html.indexOf("</script>", start)))
        .getAsJsonObject();
  }

  private static RunLog begin(String runId, String config) {
    RunLog log =
        RunLog.open(warehouse.controlTables(), new RunLog.Author(runId, "iterate", "test"), NOON);
    log.began(RunStatus.STARTED, config, "h", Map.of());
    return log;
  }

  private static void write(Tables table, Record... values) {
    Fixtures.write(warehouse, table, List.of(values));
  }

  private static Prompt prompt(String promptId) {
    return new Prompt(
        "sums",
        promptId,
        "Add 3 and 4.",
        "7",
        "math",
        Optional.of("3 + 4 = 7"),
        Optional.of("expert"),
        "train",
        Optional.of(2.0),
        Map.of());
  }

  private static Guidance substituted() {
    return new Guidance(
        "r",
        0,
        0,
        "sums",
        "p0",
        0,
        0,
        1.0,
        2,
        true,
        GuidanceSource.REPHRASED,
        Optional.of(1),
        Optional.of(1),
        false,
        false,
        "substituted",
        "inline",
        new double[] {0, 0},
        new double[] {0, 1},
        new double[] {-0.7, 0.7});
  }

  private static Rephrasing rephrasing(int attempt, boolean accepted) {
    return new Rephrasing(
        "r",
        0,
        0,
        "sums",
        "p0",
        attempt,
        0,
        0,
        5,
        FinishReason.EOS,
        Optional.of(accepted ? 1.0 : 0.0),
        Optional.empty(),
        Optional.of("boxed"),
        Optional.of(accepted ? VerdictStatus.CORRECT : VerdictStatus.WRONG),
        accepted,
        accepted ? Optional.empty() : Optional.of(RejectReason.WRONG),
        Optional.of(0.25),
        Optional.of(3),
        Optional.empty(),
        0,
        2,
        Optional.empty(),
        9,
        Optional.empty(),
        "It is 7",
        "Sure. It is 7",
        new int[] {1, 2, 3, 4},
        new float[] {-1, -1, -1, -1},
        new int[] {1, 2, 9},
        new float[] {-1, -1, -1},
        new float[] {-2, -2, -2});
  }

  private static Evaluation evaluation(int policyVersion, double reward) {
    return new Evaluation(
        "r",
        policyVersion,
        "sums",
        "sums",
        "p9",
        "d",
        0,
        0,
        7,
        Optional.of(2.0),
        Optional.empty(),
        FinishReason.EOS,
        Optional.of(reward),
        Optional.of("7"),
        Optional.of(0),
        Optional.of("boxed"),
        Optional.of(VerdictStatus.CORRECT),
        4,
        Optional.empty(),
        3,
        Optional.empty(),
        "7");
  }
}

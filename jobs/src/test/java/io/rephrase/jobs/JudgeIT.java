package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.rephrase.ConfigurationException;
import io.rephrase.TableException;
import io.rephrase.arena.ArenaWorld;
import io.rephrase.data.Prompt;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.reward.ArenaVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose answers are judged by a model on a server. */
class JudgeIT {

  @TempDir static Path folder;
  private static Warehouse warehouse;
  private static Path problems;

  @BeforeAll
  static void openWarehouse() throws IOException {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
    problems = folder.resolve("judged.jsonl");
    List<String> lines = new ArrayList<>();
    for (Prompt prompt : new ArenaWorld().train(1, 7)) {
      JsonObject line = new JsonObject();
      line.addProperty("prompt_id", prompt.promptId());
      line.addProperty("question", prompt.question());
      line.addProperty("gold", prompt.gold());
      line.addProperty("knowledge", prompt.knowledge().orElseThrow());
      line.addProperty("knowledge_source", "expert");
      line.addProperty("difficulty", prompt.difficulty().orElseThrow());
      line.addProperty("split", "train");
      line.addProperty("verifier", "llm-judge");
      lines.add(line.toString());
    }
    Files.write(problems, lines);
  }

  @Test
  void answersTheJudgeFailedOnAreAskedForAgainAndNeverScoredZero() throws IOException {
    try (JudgeServer judge = new JudgeServer()) {
      // 18 rollouts, every third answer of no use: 6. Of these 6 again 2, and 2 of 18 are too many.
      assertThatThrownBy(() -> Jobs.ITERATE.run(warehouse, call("judged", judge)))
          .isInstanceOf(TableException.class)
          .hasMessage(
              "answers of iteration 0: the judge failed on 2 of 18 answers, more than failure.maxRatio = 0.05 allows; the last: I am not sure.; mend it, or its settings in the section judge, and run the same command again: it asks for those answers, and samples nothing anew");
      assertThat(judge.asked()).hasSize(24);
      List<Row> rollouts = rollouts("judged");
      assertThat(rollouts).hasSize(18);
      List<Row> failed =
          rollouts.stream().filter(row -> row.getAs("status").equals("judge-failed")).toList();
      assertThat(failed)
          .hasSize(6)
          .allSatisfy(row -> assertThat((Double) row.getAs("reward")).isNull())
          .allSatisfy(
              row -> assertThat((String) row.getAs("judge_answer")).isEqualTo("I am not sure."));
      assertThat(rollouts)
          .filteredOn(row -> !failed.contains(row))
          .allSatisfy(JudgeIT::isJudgedAsTheArenaDoes);
      assertThat(rows(Tables.VERDICTS, "judged", "target")).hasSize(4);
      assertThat(rows(Tables.GUIDANCE, "judged", "reason")).isEmpty();

      judge.mend();
      Jobs.ITERATE.run(warehouse, call("judged", judge));

      List<String> askedAgain = judge.asked().subList(24, judge.asked().size());
      int rephrasings = rows(Tables.REPHRASINGS, "judged", "attempt").size();
      assertThat(askedAgain).hasSize(2 + rephrasings);
      assertThat(
              rows(
                  Tables.VERDICTS,
                  "judged",
                  "verifier",
                  "version",
                  "rule",
                  "reward is not null",
                  "judge_answer like '%Verdict: %'"))
          .hasSize(6)
          .containsOnly("[llm-judge,1,judge-verdict,true,true]");
      everyDecisionHasEveryReward();
      assertThat(rows(Tables.CHECKPOINTS, "judged", "policy_version"))
          .containsExactly("[0]", "[1]");
    }
  }

  /** What is decided from is what the arena's verifier says, whoever said it when. */
  private static void everyDecisionHasEveryReward() {
    List<Row> decided =
        warehouse
            .session()
            .sql(
                "SELECT r.text, p.gold, r.status, element_at(g.rewards, r.sample_index + 1) AS reward, g.verdicts_used"
                    + " FROM delta.`%s` g JOIN (SELECT *, inline(rollouts) FROM delta.`%s`) r USING (run_id, dataset, prompt_id)"
                        .formatted(
                            warehouse.path(Tables.GUIDANCE), warehouse.path(Tables.ROLLOUT_GROUPS))
                    + " JOIN delta.`%s` p USING (dataset, prompt_id) WHERE run_id = 'judged'"
                        .formatted(warehouse.path(Tables.PROMPTS)))
            .collectAsList();
    assertThat(decided).hasSize(18).allSatisfy(JudgeIT::isJudgedAsTheArenaDoes);
    assertThat(decided)
        .filteredOn(row -> row.getAs("status").equals("judge-failed"))
        .hasSize(6)
        .allSatisfy(
            row -> assertThat((String) row.getAs("verdicts_used")).isEqualTo("llm-judge/1"));
  }

  private static void isJudgedAsTheArenaDoes(Row row) {
    assertThat((Double) row.getAs("reward"))
        .isEqualTo(
            new ArenaVerifier()
                .verify(row.getAs("text"), row.getAs("gold"))
                .reward()
                .orElseThrow());
  }

  @Test
  void scoresOfWhichTheJudgeFailedOnTooManyAreRefused() throws IOException {
    try (JudgeServer judge = new JudgeServer()) {
      JobCall call =
          call(
              "scores",
              judge,
              "evaluate.benchmarks.arena.dataset=judged",
              "evaluate.benchmarks.arena.split=train");
      assertThatThrownBy(() -> Jobs.EVALUATE.run(warehouse, call))
          .isInstanceOf(TableException.class)
          .hasMessage(
              "evaluation of policy 0: the judge failed on 2 of 6 answers, more than failure.maxRatio = 0.05 allows; the last: I am not sure.; mend it, or its settings in the section judge, and order `rephrase redo --run scores --iteration 0 --stage evaluate`, or raise failure.maxRatio and go on without those answers");
      assertThat(rows(Tables.EVALUATIONS, "scores", "reward", "status", "judge_answer"))
          .filteredOn(row -> row.equals("[null,judge-failed,I am not sure.]"))
          .hasSize(2);
    }
  }

  @Test
  void promptsThatWantAJudgeAreRefusedWhereNoneIsNamed() {
    assertThatThrownBy(() -> Jobs.ITERATE.run(warehouse, TinyRuns.call(warehouse, "none", data())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "its verifier llm-judge asks a model, and the configuration names none; set judge.url and judge.model");
    assertThatThrownBy(
            () ->
                TinyRuns.config(
                    warehouse, "none", "judge.url=\"http://127.0.0.1:9\"", "judge.model=\"\""))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("judge.model must be the name of the model");
  }

  private static JobCall call(String run, JudgeServer judge, String... more) {
    List<String> words = new ArrayList<>(List.of(data()));
    words.addAll(
        List.of(
            "run.iterations=1",
            "judge.url=\"" + judge.url() + "\"",
            "judge.model=arena",
            "judge.retries=0",
            "judge.concurrency=3"));
    words.addAll(List.of(more));
    return TinyRuns.call(warehouse, run, words.toArray(String[]::new));
  }

  private static String[] data() {
    return new String[] {
      "data.datasets=[judged]", "data.sources.judged.path=\"" + problems + "\"",
    };
  }

  private static List<Row> rollouts(String run) {
    return warehouse
        .session()
        .sql(
            "SELECT r.*, p.gold FROM (SELECT dataset, prompt_id, inline(rollouts) FROM delta.`%s` WHERE run_id = '%s') r JOIN delta.`%s` p USING (dataset, prompt_id)"
                .formatted(
                    warehouse.path(Tables.ROLLOUT_GROUPS), run, warehouse.path(Tables.PROMPTS)))
        .collectAsList();
  }

  private static List<String> rows(Tables table, String run, String... columns) {
    return TinyRuns.rows(warehouse, table, run, columns);
  }
}

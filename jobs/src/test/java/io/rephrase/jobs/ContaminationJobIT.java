package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.config.ConfigLoader;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Texts of numbered words w1, w2, ...: 14 of them have two 13-grams. Problem {@code long} is w1 to
 * w20 and has eight; {@code short} is a sum of six words.
 */
class ContaminationJobIT {

  @TempDir static Path folder;
  private static Warehouse warehouse;
  private static String said;

  @BeforeAll
  static void compare() throws IOException {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
    Files.write(
        folder.resolve("learned.jsonl"),
        List.of(
            prompt("planted", "Please: " + words(3, 16) + "!", "", "train"),
            prompt("near-miss", "Say " + words(1, 12) + " of " + words(13, 20), "", "train"),
            prompt("in-solution", "What is it?", "It is " + words(8, 20).toUpperCase(), "train"),
            prompt("same-sum", "3+4−2=", "", "train"),
            prompt("longer-sum", "1 + 3 + 4 - 2 =", "", "train"),
            prompt("tuned-on", words(301, 320), "", "train"),
            prompt("instructed", words(101, 113) + " " + words(400, 400) + " now", "", "train"),
            prompt("copied", words(101, 113) + " " + words(420, 427), "", "train"),
            prompt("held-out", words(1, 20), "", "test")));
    Files.write(
        folder.resolve("tests.jsonl"),
        List.of(
            prompt("long", words(1, 20), "", "test"),
            prompt("short", "3 + 4 - 2 =", "", "test"),
            prompt("other-split", words(301, 320), "", "tuning")));
    // 11 problems that begin alike with 13 words; ten have 8 of their own, w400 or w420 or ... on.
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      String more = i == 10 ? "" : " " + words(400 + 20 * i, 407 + 20 * i);
      many.add(prompt("p" + i, words(101, 113) + more, "", "test"));
    }
    Files.write(folder.resolve("many.jsonl"), many);
    Files.write(folder.resolve("few.jsonl"), many.subList(0, 3));
    said = check();
  }

  @Test
  void whatIsSharedIsCountedAndANearMissIsNone() {
    // w3 to w16 are 14 words: two of the problem's 20 - 13 + 1 = 8. The near miss has runs of 12
    // and
    // of 8. The solution's w8 to w20 are one. Of the sums one is the problem, one contains it.
    assertThat(
            rows(
                13,
                "prompt_id",
                "problem_id",
                "shared_ngrams",
                "problem_share",
                "example",
                "benchmark_dataset"))
        .containsExactlyInAnyOrder(
            "[planted,long,2,0.25,%s,tests]".formatted(words(3, 15)),
            "[in-solution,long,1,0.125,%s,tests]".formatted(words(8, 20)),
            "[same-sum,short,1,1.0,3 + 4 - 2 =,tests]");
    assertThat(rows(13, "dataset", "benchmark", "ngram_words", "normalizer"))
        .containsOnly("[learned,quiz,13,words-1]");
  }

  @Test
  void theSameCheckAgainLeavesTheSameRowsAndSaysTheSame() {
    List<String> before = rows(13, "*");

    assertThat(check()).isEqualTo(said);

    assertThat(rows(13, "*")).isEqualTo(before).hasSize(3);
  }

  @Test
  void theTableCountsTrainingPromptsAndProblemsAndWhatManyProblemsSayIsBoilerplate() {
    // Of 9 prompts 8 are trained on. What begins 3 problems finds them, what begins 11 finds none;
    // nor do its last 12 words with the problem's first, which the instructed has. Of the problem's
    // 9 n-grams those at 7 and 8 have 7 and 8 words of its own: the copy is found by them.
    assertThat(said.replaceAll(" +", " ").lines())
        .startsWith(
            "data set benchmark prompts overlapping problems overlapping share",
            "learned few 8 2 3 3 100.00 %",
            "learned many 8 1 11 1 9.09 %",
            "learned quiz 8 3 2 2 100.00 %",
            "many: 1 of 11 problems are not compared: each of their n-grams, or half of it,"
                + " stands in more than contamination.maxProblems = 10 problems");
    assertThat(
            warehouse
                .read(Tables.CONTAMINATION)
                .where("benchmark = 'many' AND ngram_words = 13")
                .select("prompt_id", "problem_id", "shared_ngrams", "problem_share")
                .collectAsList())
        .singleElement()
        .hasToString("[copied,p1,2,1.0]");
    assertThat(said).contains("which: rephrase sql \"SELECT * FROM contamination WHERE dataset IN");
  }

  @Test
  void shorterNgramsHaveRowsOfTheirOwnAndWeakOverlapsCanBeLeftOut() {
    check("contamination.ngramWords=8", "contamination.minShare=0.5");

    // Of 20 - 8 + 1 = 13 8-grams the planted has 14 - 7 = 7. The near miss has 5 + 1 and the
    // solution 13 - 7 = 6, less than half.
    assertThat(rows(8, "prompt_id", "shared_ngrams"))
        .containsExactlyInAnyOrder("[planted,7]", "[same-sum,1]");
    assertThat(rows(13, "*")).hasSize(3);
  }

  @Test
  void thePromptsThatOverlapCanBeLeftOut() throws IOException {
    warehouse.registerViews();
    List<String> clean =
        warehouse
            .session()
            .sql(
                "SELECT p.* FROM prompts p LEFT ANTI JOIN contamination c ON p.dataset = c.dataset AND"
                    + " p.prompt_id = c.prompt_id AND c.ngram_words = 13 WHERE p.dataset = 'learned'")
            .toJSON()
            .collectAsList();
    Files.write(folder.resolve("clean.jsonl"), clean);

    // Near miss, longer sum, tuned on; held out is not of the split.
    assertThat(clean).hasSize(4);
    assertThat(check("data.datasets=[clean]", source("clean")).replaceAll(" +", " "))
        .contains("clean few 3 0 3 0 0.00 %")
        .contains("clean quiz 3 0 2 0 0.00 %")
        .doesNotContain("which:");
  }

  @Test
  void withoutBenchmarksOrPromptsThereIsNothingToCompare() {
    assertThatThrownBy(() -> checkAll("data.datasets=[learned]"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("give evaluate.benchmarks.NAME.dataset=DATASET");
    assertThatThrownBy(() -> check("data.split=validation"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "no prompts to compare: the prompts table has none for data.datasets [learned],"
                + " data.split validation");
  }

  private static String check(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "data.datasets=[learned]",
                source("learned"),
                source("tests"),
                source("many"),
                source("few"),
                "evaluate.benchmarks.quiz.dataset=tests",
                "evaluate.benchmarks.many.dataset=many",
                "evaluate.benchmarks.few.dataset=few"));
    words.addAll(List.of(more));
    return checkAll(words.toArray(String[]::new));
  }

  private static String checkAll(String... words) {
    StringWriter out = new StringWriter();
    Jobs.CONTAMINATION.run(
        warehouse,
        JobCall.of(
            new ConfigLoader().words(List.of(words)).load(),
            "test",
            Progress.silent(),
            new PrintWriter(out, true)));
    return out.toString();
  }

  private static String source(String dataset) {
    return "data.sources.%s={path=\"%s\", verifier=exact}"
        .formatted(dataset, folder.resolve(dataset + ".jsonl"));
  }

  private static String prompt(String id, String question, String knowledge, String split) {
    return "{\"prompt_id\": \"%s\", \"question\": \"%s\", \"knowledge\": \"%s\", \"split\": \"%s\", \"gold\": \"1\"}"
        .formatted(id, question, knowledge, split);
  }

  /** Letters only: a number would be a word of its own. */
  private static String words(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(ContaminationJobIT::word)
        .collect(Collectors.joining(" "));
  }

  private static String word(int number) {
    return "w" + (char) ('a' + number / 26) + (char) ('a' + number % 26);
  }

  /** What stands in the columns of the quiz's rows of one n, in order of all of them. */
  private static List<String> rows(int ngramWords, String... columns) {
    return warehouse
        .read(Tables.CONTAMINATION)
        .where("dataset = 'learned' AND benchmark = 'quiz' AND ngram_words = " + ngramWords)
        .selectExpr(columns)
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }
}

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

  @BeforeAll
  static void ingest() throws IOException {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
    Files.write(
        folder.resolve("tests.jsonl"),
        List.of(
            prompt("long", words(1, 20), "", "test"),
            prompt("short", "3 + 4 - 2 =", "", "test"),
            prompt("other-split", words(301, 320), "", "tuning")));
    Files.write(
        folder.resolve("learned.jsonl"),
        List.of(
            prompt("planted", "Please: " + words(3, 16) + "!", "", "train"),
            prompt("near-miss", "Say " + words(1, 12) + " of " + words(13, 20), "", "train"),
            prompt("in-solution", "What is it?", "It is " + words(8, 20).toUpperCase(), "train"),
            prompt("same-sum", "3+4−2=", "", "train"),
            prompt("longer-sum", "1 + 3 + 4 - 2 =", "", "train"),
            prompt("tuned-on", words(301, 320), "", "train"),
            prompt("held-out", words(1, 20), "", "test")));
    assertThat(check()).isNotEmpty();
  }

  @Test
  void whatIsSharedIsCountedAndANearMissIsNone() {
    // w3 to w16 are 14 words: two of the problem's 20 - 13 + 1 = 8. The near miss has runs of 12
    // and
    // of 8. The solution's w8 to w20 are one. Of the sums one is the problem, one contains it.
    assertThat(
            rows(
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
    assertThat(rows("dataset", "benchmark", "ngram_words", "normalizer"))
        .containsOnly("[learned,quiz,13,words-1]");
  }

  @Test
  void theSameCheckAgainLeavesTheSameRowsAndSaysTheSame() {
    List<String> before = rows("*");

    String said = check();

    assertThat(rows("*")).isEqualTo(before).hasSize(3);
    // Six training prompts, of which three overlap with both problems.
    assertThat(said.replaceAll(" +", " "))
        .startsWith("data set benchmark prompts overlapping problems overlapping share\n")
        .contains(
            "\nlearned quiz 6 3 2 2 100.00 %\nwhich: rephrase sql \"SELECT * FROM contamination");
  }

  @Test
  void eachLengthOfNgramsHasRowsOfItsOwn() {
    List<String> thirteen = rows("*");

    check("contamination.ngramWords=8", "contamination.minShare=0.5");

    // Of 13 8-grams the near miss has 12 - 7 = 5 and 8 - 7 = 1, the planted 7, the solution 6.
    assertThat(rows(8, "prompt_id", "shared_ngrams"))
        .containsExactlyInAnyOrder("[planted,7]", "[same-sum,1]");
    check("contamination.ngramWords=8", "contamination.minShare=0.4");
    assertThat(rows(8, "prompt_id", "shared_ngrams"))
        .containsExactlyInAnyOrder(
            "[planted,7]", "[near-miss,6]", "[in-solution,6]", "[same-sum,1]");
    assertThat(rows("*")).as("those of n = 13").isEqualTo(thirteen);
  }

  @Test
  void whatManyProblemsSayIsBoilerplate() throws IOException {
    // 11 problems that begin alike with 13 words, the last with nothing else; 3 that begin so too
    // in a benchmark of their own.
    List<String> many = new ArrayList<>();
    IntStream.range(0, 11)
        .forEach(
            i ->
                many.add(
                    prompt("p" + i, words(101, 113) + (i == 10 ? "" : words(i, i)), "", "test")));
    Files.write(folder.resolve("many.jsonl"), many);
    Files.write(folder.resolve("few.jsonl"), many.subList(0, 3));
    Files.write(
        folder.resolve("instructed.jsonl"),
        List.of(prompt("a", words(101, 113) + " Now add.", "", "train")));

    String said =
        checkAll(
            "data.datasets=[instructed]",
            source("instructed"),
            source("many"),
            source("few"),
            "evaluate.benchmarks.many.dataset=many",
            "evaluate.benchmarks.few.dataset=few");

    assertThat(said.replaceAll(" +", " "))
        .contains("instructed few 1 1 3 3 100.00 %")
        .contains("instructed many 1 0 11 0 0.00 %")
        .contains(
            "many: 1 problems were not compared: all their n-grams stand in more than"
                + " contamination.maxProblems = 10 problems");
  }

  @Test
  void thePromptsThatOverlapCanBeLeftOut() throws IOException {
    warehouse.registerViews();
    List<String> clean =
        warehouse
            .session()
            .sql(
                "SELECT * FROM prompts LEFT ANTI JOIN contamination USING (dataset, prompt_id)"
                    + " WHERE dataset = 'learned' AND split = 'train'")
            .toJSON()
            .collectAsList();
    Files.write(folder.resolve("clean.jsonl"), clean);

    String said =
        check("data.datasets=[clean]", "data.sources.clean.path=" + folder.resolve("clean.jsonl"));

    assertThat(clean).hasSize(3);
    assertThat(said.replaceAll(" +", " ")).contains("clean quiz 3 0 2 0 0.00 %");
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
                "evaluate.benchmarks.quiz.dataset=tests"));
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

  /** What stands in the columns of the rows of n = 13, in order of all of them. */
  private static List<String> rows(String... columns) {
    return rows(13, columns);
  }

  private static List<String> rows(int ngramWords, String... columns) {
    return warehouse
        .read(Tables.CONTAMINATION)
        .where("dataset = 'learned' AND ngram_words = " + ngramWords)
        .selectExpr(columns)
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }
}

package io.rephrase.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rephrase.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {

  @TempDir Path folder;

  @Test
  void theReferenceHoldsEveryKeyOfTheRecordsAndNoOther() {
    RunConfig config = new ConfigLoader().load().config();
    assertThat(config.rollout().groupSize()).isEqualTo(8);
    assertThat(config.guidance()).isEqualTo(new GuidanceConfig(0.5, 0.75));
    assertThat(config.train().learningRate()).isEqualTo(1e-6);
    assertThat(config.algorithm().loss().epsilonHigh()).isEmpty();
    assertThat(config.evaluate().benchmarks()).isEmpty();
  }

  @Test
  void everyKeyOfTheReferenceHasAComment() {
    Config reference = ConfigFactory.parseResources("io/rephrase/config/reference.conf");
    assertThat(reference.entrySet())
        .allSatisfy(
            entry ->
                assertThat(entry.getValue().origin().comments()).as(entry.getKey()).isNotEmpty());
  }

  @Test
  void wordsWinOverTheFileAndTheFileOverTheBuiltIn() {
    Path file = file("rollout { groupSize = 4\n topK = 7 }\n");
    ResolvedConfig resolved =
        new ConfigLoader().file(file).words(List.of("rollout.groupSize=16")).load();
    assertThat(resolved.config().rollout().groupSize()).isEqualTo(16);
    assertThat(resolved.config().rollout().topK()).isEqualTo(7);
    assertThat(resolved.settings().get("rollout.groupSize").origin()).isEqualTo("command line");
    assertThat(resolved.settings().get("rollout.topK").origin()).isEqualTo(file + ":2");
    assertThat(resolved.settings().get("rollout.topP").origin()).startsWith("built-in");
  }

  @Test
  void whatIsIncludedMustBeThere() {
    file("rollout.topK = 7\n", "shared.conf");
    Path whole = file("include \"shared.conf\"\n");
    assertThat(new ConfigLoader().file(whole).load().config().rollout().topK()).isEqualTo(7);
    Path broken = file("include \"sharde.conf\"\n");
    assertThatThrownBy(() -> new ConfigLoader().file(broken))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(broken + ": include \"sharde.conf\" finds no such file");
  }

  @Test
  void anUnknownKeyIsRefusedWithItsPlaceAndWhatWasProbablyMeant() {
    Path file = file("rollout {\n  group-sizes = 4\n}\n");
    assertThatThrownBy(() -> new ConfigLoader().file(file).load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(file + ":2: unknown key rollout.group-sizes; did you mean groupSize?");
    assertRefused(
        "colour=red",
        "command line: unknown key colour; there is: algorithm, contamination, data, ");
    assertRefused("rolout.topK=1", "command line: unknown key rolout; did you mean rollout?");
  }

  @Test
  void aValueOutOfRangeIsRefusedWithItsPlaceItsRuleAndTheValue() {
    Path file = file("rollout.temperature = -1.0\n");
    assertThatThrownBy(() -> new ConfigLoader().file(file).load())
        .hasMessage(file + ":1: rollout.temperature must be > 0, got -1.0; use 1.0 to sample");
    assertRefused("guidance.rho=1.5", "command line: guidance.rho must be in (0, 1], got 1.5");
    assertRefused(
        "algorithm.loss.dualClip=0.5",
        "command line: algorithm.loss.dualClip must be > 1, or 0 for off, got 0.5");
    assertRefused("rollout.groupSize=1", "command line: rollout.groupSize must be at least 2");
    assertRefused("evaluate.samples=4", "evaluate.samples must be 1 with greedy = true, got 4");
    assertRefused("run.name=a b", "run.name must be 1 to 100 letters");
    assertRefused("data.split=\"\"", "command line: data.split must not be blank; give it a value");
    assertRefused("rollout.difficultyMix={a=1}", "difficultyMix must name its entries by numbers");
    assertRefused(
        "algorithm.preset=reppo",
        "command line: algorithm.preset must be one of repo, grpo, dr-grpo, dapo, gspo, luffy, sft,"
            + " sft-rephrased, grpo+nll, got \"reppo\"");
    assertRefused(
        "algorithm.aggregation=tokens", "algorithm.aggregation must be one of token-mean,");
  }

  @Test
  void aGroupOverSixtyFourMegabytesIsRefusedWithTheArithmetic() {
    // 8 x 800,000 x 12.
    assertRefused(
        "rollout.maxTokens=800000",
        "rollout.groupSize 8 x maxTokens 800,000 x 12 bytes a token is 76,800,000 bytes in one row, over the limit of 67,108,864 (64 MB); lower one of the two");
  }

  @Test
  void aValueOfAnotherTypeIsRefusedWithWhatItShouldBe() {
    assertRefused(
        "rollout.groupSize=many", "command line: rollout.groupSize must be a number, got \"many\"");
    assertRefused("rollout.groupSize=2.5", "must be a whole number, got \"2.5\"");
    assertRefused("rollout.groupSize=4000000000", "must be a whole number from -2147483648 to");
    assertRefused("evaluate.greedy=maybe", "must be true or false, got \"maybe\"");
    assertRefused(
        "rephrase.when=always", "rephrase.when must be one of eager, hard-only, got \"always\"");
    assertRefused("data.datasets=arena", "data.datasets must be a list such as [a, b]");
    assertRefused("rollout=3", "rollout must be a section such as { key = value }");
    assertRefused("rollout.topK=null", "rollout.topK must not be null; give it a value");
    assertRefused("rollout", "\"rollout\" must be key=value");
  }

  @Test
  void aBenchmarkDrawsSeveralSamplesOfItsOwnWhereTheOthersAreGreedy() {
    Path file =
        file(
            "evaluate.benchmarks { one.dataset = d, many { dataset = d, samples = 8, topP = 0.9 } }\n");
    EvaluateConfig evaluate = new ConfigLoader().file(file).load().config().evaluate();

    assertThat(evaluate.decoding(Objects.requireNonNull(evaluate.benchmarks().get("one"))))
        .isEqualTo(new EvaluateConfig.Decoding(1, true, 1.0, 1.0));
    assertThat(evaluate.decoding(Objects.requireNonNull(evaluate.benchmarks().get("many"))))
        .isEqualTo(new EvaluateConfig.Decoding(8, false, 1.0, 0.9));
    assertRefused(
        "evaluate.benchmarks.aime={dataset=d, samples=8, greedy=true}",
        "evaluate.benchmarks.aime.greedy must be false with 8 samples");
  }

  @Test
  void entriesOfAMapTakeWhatTheyLeaveUnsaidFromTheDefaultEntry() {
    Path file = file("evaluate.benchmarks { default.limitPerDifficulty = 9, sums.dataset = s }\n");
    assertThat(new ConfigLoader().file(file).load().config().evaluate().benchmarks())
        .containsOnlyKeys("sums")
        .extractingByKey("sums")
        .extracting("dataset", "split", "limitPerDifficulty")
        .containsExactly("s", "test", 9);
  }

  @Test
  void pathsAndListsAreTakenFromWords() {
    ResolvedConfig resolved =
        new ConfigLoader()
            .words(
                List.of(
                    "run.warehouse=s3a://bucket/a b#c",
                    "data.difficulties=[1, 2]",
                    "algorithm.kl.coefficient=0.01",
                    "spark.properties.spark.executor.memory=4g"))
            .load();
    assertThat(resolved.config().run().warehouse()).isEqualTo("s3a://bucket/a b#c");
    assertThat(resolved.config().data().difficulties()).containsExactly(1, 2);
    assertThat(resolved.config().algorithm().kl().coefficient()).contains(0.01);
    assertThat(resolved.config().spark().properties())
        .containsExactlyEntriesOf(java.util.Map.of("spark.executor.memory", "4g"));
  }

  @Test
  void aNameThatLooksLikeANumberStaysAsItIsWritten() {
    assertThat(new ConfigLoader().file(file("run.name = 2026.10")).load().config().run().name())
        .isEqualTo("2026.10");
    assertThat(new ConfigLoader().file(file("run.name = 007")).load().config().run().name())
        .isEqualTo("007");
  }

  @Test
  void sectionsOfAFileAreReadWhereOthersLackWhatWordsGave() {
    Path file = file("run.warehouse = w\ndata.sources.x { path = \"\" }\n");
    assertRefused(() -> new ConfigLoader().file(file).load(), "data.sources.x.path");
    RunConfig config = new ConfigLoader().sections(file, "run", "spark").load().config();
    assertThat(config.run().warehouse()).isEqualTo("w");
    assertThat(config.data().sources()).isEmpty();
  }

  @Test
  void aMissingFileAndABrokenOneAreTheUsersMistakes() {
    assertThatThrownBy(() -> new ConfigLoader().file(folder.resolve("none.conf")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> new ConfigLoader().file(file("rollout {")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("run.conf");
  }

  private static void assertRefused(String word, String message) {
    assertRefused(() -> new ConfigLoader().words(List.of(word)).load(), message);
  }

  private static void assertRefused(ThrowingCallable loading, String message) {
    assertThatThrownBy(loading)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  private Path file(String text) {
    return file(text, "run.conf");
  }

  private Path file(String text, String name) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }
}

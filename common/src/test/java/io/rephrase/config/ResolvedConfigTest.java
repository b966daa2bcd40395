package io.rephrase.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolvedConfigTest {

  @Test
  void equalValuesGiveEqualHashesWhereverTheyCameFrom() {
    assertThat(with("rollout.groupSize=8").hash()).isEqualTo(with().hash()).hasSize(64);
    assertThat(with("train.learningRate=0.000001").hash()).isEqualTo(with().hash());
    assertThat(with("rollout.groupSize=4").hash()).isNotEqualTo(with().hash());
  }

  @Test
  void theRecordedTextGivesTheSameConfigurationAgain() {
    ResolvedConfig resolved =
        with(
            "evaluate.benchmarks.sums.dataset=s",
            "algorithm.loss.epsilonHigh=0.28",
            "data.difficulties=[3]",
            "spark.properties.spark.executor.memory=4g");
    ResolvedConfig again = ResolvedConfig.recorded(resolved.canonicalJson());
    assertThat(again.config()).isEqualTo(resolved.config());
    assertThat(again.hash()).isEqualTo(resolved.hash());
  }

  @Test
  void aResumeIsToldEveryKeyThatDiffers() {
    ResolvedConfig earlier = ResolvedConfig.recorded(with().canonicalJson());
    assertThat(with("rollout.groupSize=4", "run.seed=1").differencesFrom(earlier))
        .containsExactly(
            "rollout.groupSize: 8 (the run's record) -> 4 (command line)",
            "run.seed: 0 (the run's record) -> 1 (command line)");
  }

  @Test
  void moreIterationsAreADifferenceOnlyWhereTheScheduleKnowsTheirNumber() {
    assertThat(with("run.iterations=40", "run.warehouse=w").differencesFrom(with())).isEmpty();
    assertThat(with("engine.stallSeconds=3600").differencesFrom(with())).isEmpty();
    assertThat(
            with("run.iterations=40", "train.schedule=cosine")
                .differencesFrom(with("train.schedule=cosine")))
        .singleElement()
        .asString()
        .startsWith("run.iterations: 20");
  }

  @Test
  void aTextThatIsNoJsonIsRefused() {
    assertThatThrownBy(() -> ResolvedConfig.recorded("[1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no JSON object");
  }

  private static ResolvedConfig with(String... words) {
    return new ConfigLoader().words(List.of(words)).load();
  }
}

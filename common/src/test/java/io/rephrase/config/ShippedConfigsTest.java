package io.rephrase.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedConfigsTest {

  private static final List<String> PATHS =
      List.of(
          "data.sources.chain_sum.path=a.jsonl",
          "data.sources.gsm8k.path=b.jsonl",
          "data.sources.gsm8k_test.path=c.jsonl");

  @ParameterizedTest
  @ValueSource(strings = {"arena", "chain-sum", "gsm8k", "paper"})
  void aShippedFileLoads(String name) {
    RunConfig config =
        new ConfigLoader().file(Path.of("../conf", name + ".conf")).words(PATHS).load().config();
    assertThat(config.run().name()).isEqualTo(name);
    assertThat(config.algorithm().preset()).isEqualTo("repo");
  }

  @Test
  void gsm8ksOwnFilesAreReadByOneWordAndKeepTrainApartFromTest() {
    RunConfig config =
        new ConfigLoader()
            .file(Path.of("../conf/gsm8k.conf"))
            .words(PATHS)
            .words(List.of("data.sources.default.benchmark=gsm8k"))
            .load()
            .config();
    SourceConfig train = Objects.requireNonNull(config.data().sources().get("gsm8k"));
    SourceConfig test = Objects.requireNonNull(config.data().sources().get("gsm8k_test"));
    assertThat(train.benchmark()).contains("gsm8k");
    assertThat(train.split()).isEqualTo("train");
    assertThat(test.benchmark()).contains("gsm8k");
    assertThat(test.split()).isEqualTo("test");
  }

  @Test
  void theArenaIsSetAsItsTargetsWereStated() {
    RunConfig config = new ConfigLoader().file(Path.of("../conf/arena.conf")).load().config();
    assertThat(config.run().iterations()).isEqualTo(20);
    assertThat(config.rollout().promptsPerIteration()).isEqualTo(32);
    assertThat(config.rollout().difficultyMix().keySet())
        .containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(config.train().learningRate()).isEqualTo(2e-4);
    assertThat(config.algorithm().normalizer())
        .contains(AlgorithmConfig.Normalizer.LEARNING_GROUPS);
    assertThat(config.engine().deterministic()).isTrue();
  }
}

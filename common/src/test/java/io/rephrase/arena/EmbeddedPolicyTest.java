package io.rephrase.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.data.HashSplit;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.prompt.Tokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class EmbeddedPolicyTest {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPolicyTest.class);

  @TempDir Path folder;

  @Test
  void theShippedPolicySolvesTheEasyFailsAtTheHardAndUnderstandsAGivenSolution() {
    Path checkpoint = folder.resolve("policy");
    EmbeddedPolicy.extractTo(checkpoint);
    int perLevel = Integer.getInteger("arena.perLevel", 20);
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint);
        TorchPolicyModel model = PolicyModels.openForScoring(checkpoint, ModelOptions.defaults())) {
      tokenizer.checkFits(model.config().vocabularySize());
      ArenaRegime regime =
          ArenaRegime.measure(new FullForwardEngine(model), tokenizer, HashSplit.TUNING, perLevel);
      String figures = regime.toString();
      LOG.info("on up to {} tuning problems a level: {}", perLevel, figures);
      for (int level : ArenaWorld.EASY) {
        assertThat(regime.solving().get(level)).as(figures).isGreaterThanOrEqualTo(0.9);
      }
      for (int level : ArenaWorld.HARD) {
        assertThat(regime.solving().get(level)).as(figures).isLessThanOrEqualTo(0.2);
      }
      for (int level : ArenaWorld.LEVELS) {
        assertThat(regime.restating().get(level)).as(figures).isGreaterThanOrEqualTo(0.95);
      }
    }
  }

  @Test
  void itIsNotWrittenOverAnotherCheckpoint() {
    EmbeddedPolicy.extractTo(folder);
    assertThatThrownBy(() -> EmbeddedPolicy.extractTo(folder))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("name an empty folder");
  }
}

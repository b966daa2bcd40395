package io.rephrase.generation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.rephrase.torch.ScriptModule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenSamplerTest {
  private static final int VOCABULARY = 2000;

  @Test
  void topPAndTopKKeepTheirShareAlsoBeyondTheTokensSortedFirst() {
    // equal logits but for token 7: p = e / (e + 1999) = 0.00136, the others 0.0005 each
    SamplingParams wide = new SamplingParams(1, 0.9, 0, false, 1, false);
    SamplingParams one = new SamplingParams(1, 1, 1, false, 1, false);
    SamplingParams least = new SamplingParams(1, 0.001, 0, false, 1, false);
    SamplingParams free = new SamplingParams(1, 1, 0, false, 1, false);
    List<TokenSampler.Draw> draws = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      draws.add(new TokenSampler.Draw(List.of(wide, one, least, free).get(i % 4), i, 0));
    }
    ScriptModule.prepareThread();
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] logits = new float[40 * VOCABULARY];
      for (int row = 0; row < 40; row++) {
        logits[row * VOCABULARY + 7] = 1;
      }
      NDArray array = manager.create(logits, new Shape(40, VOCABULARY));
      TokenSampler.Token[] tokens = TokenSampler.sample(manager, array, draws);
      for (int row = 0; row < 40; row++) {
        int kind = row % 4;
        if (kind == 1 || kind == 2) {
          assertThat(tokens[row].id()).isEqualTo(7);
        }
      }
      // equals are kept or dropped together, so that a wide share draws from all of them
      assertThat(List.of(0, 4, 8, 12, 16, 20, 24, 28, 32, 36))
          .extracting(row -> tokens[row].id())
          .anyMatch(id -> id > 512);
    }
  }
}

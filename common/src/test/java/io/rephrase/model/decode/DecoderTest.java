package io.rephrase.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.torch.ScriptModule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {

  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa-tied", "qwen2-gqa-tied", "qwen3-gqa-untied"})
  void packedAndPlainProductsGiveTheSameLogits(String name) {
    Path folder = Path.of("src/test/resources/golden/checkpoints", name);
    try (TorchPolicyModel model =
        PolicyModels.openForScoring(folder, ModelOptions.defaults().on("cpu"))) {
      float[] packed = logits(model, DecodeKernels.packed());
      float[] plain = logits(model, DecodeKernels.plain());
      assertThat(packed).hasSize(2 * model.config().vocabularySize());
      for (int i = 0; i < packed.length; i++) {
        assertThat(packed[i]).isCloseTo(plain[i], within(1e-4f));
      }
    }
  }

  @Test
  void aCacheHasTheSlotsAskedForAndKeepsThemWhenItGrows() {
    Path folder = Path.of("src/test/resources/golden/checkpoints", "llama-gqa-tied");
    try (TorchPolicyModel model =
            PolicyModels.openForScoring(folder, ModelOptions.defaults().on("cpu"));
        Decoder decoder = new Decoder(model, 8);
        NDManager scope = model.manager().newSubManager()) {
      List<int[]> prompts = List.of(new int[] {5, 9, 2, 7}, new int[] {3, 1});
      assertThat(decoder.heldBytes()).isZero();
      decoder.prefill(scope, new int[] {0, 1}, prompts);
      // keys and values, 3 layers, 2 heads of 8 numbers of 4 bytes: 384 a token; blocks of 128
      assertThat(decoder.heldBytes()).isEqualTo(384 * 2 * 128);
      float[] before = step(decoder, scope);
      assertThat(decoder.fit(2, 128)).isFalse();
      assertThat(decoder.fit(5, 129)).isTrue();
      assertThat(decoder.heldBytes()).isEqualTo(384 * 5 * 256);
      assertThat(step(decoder, scope)).isEqualTo(before);
      // more slots for shorter rows: the rest of each is given back
      assertThat(decoder.fit(6, 5)).isTrue();
      assertThat(decoder.heldBytes()).isEqualTo(384 * 6 * 128);
      assertThat(step(decoder, scope)).isEqualTo(before);
      decoder.emptyCache();
      assertThat(decoder.heldBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-gqa-tied", "qwen2-gqa-tied", "qwen3-gqa-untied"})
  void aStepThatReadsNewPromptsGivesWhatAStepAndAPrefillGive(String name) {
    Path folder = Path.of("src/test/resources/golden/checkpoints", name);
    List<int[]> first = List.of(new int[] {5, 9, 2, 7}, new int[] {3, 1});
    List<int[]> next = List.of(new int[] {8, 8, 4}, new int[] {2, 6, 1, 7, 3});
    int[] tokens = {4, 6, 9, 2};
    int[] positions = {5, 3, 3, 5};
    try (TorchPolicyModel model =
            PolicyModels.openForScoring(folder, ModelOptions.defaults().on("cpu"));
        Decoder apart = new Decoder(model, 4);
        Decoder together = new Decoder(model, 4);
        NDManager scope = model.manager().newSubManager()) {
      apart.prefill(scope, new int[] {0, 1}, first);
      together.prefill(scope, new int[] {0, 1}, first);
      float[] stepped = step(apart, scope);
      float[] read = apart.prefill(scope, new int[] {2, 3}, next).toFloatArray();
      float[] both =
          together
              .stepAndPrefill(scope, new int[] {4, 6}, new int[] {4, 2}, new int[] {2, 3}, next)
              .toFloatArray();
      int half = 2 * model.config().vocabularySize();
      assertThat(Arrays.copyOf(both, half)).containsExactly(stepped, within(1e-4f));
      assertThat(Arrays.copyOfRange(both, half, 2 * half)).containsExactly(read, within(1e-4f));
      assertThat(together.step(scope, tokens, positions).toFloatArray())
          .containsExactly(apart.step(scope, tokens, positions).toFloatArray(), within(1e-4f));
    }
  }

  private static float[] step(Decoder decoder, NDManager scope) {
    return decoder.step(scope, new int[] {4, 6}, new int[] {4, 2}).toFloatArray();
  }

  /** After one more token of two prompts, fewer rows than the matrices were packed for. */
  private static float[] logits(TorchPolicyModel model, ScriptModule kernels) {
    try (Decoder decoder = new Decoder(model, 3, kernels);
        NDManager scope = model.manager().newSubManager()) {
      decoder.prefill(scope, new int[] {0, 1}, List.of(new int[] {5, 9, 2, 7}, new int[] {3, 1}));
      return step(decoder, scope);
    }
  }
}

package io.rephrase.model.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.torch.ScriptModule;
import java.nio.file.Path;
import java.util.List;
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

  /** After one more token of two prompts, fewer rows than the matrices were packed for. */
  private static float[] logits(TorchPolicyModel model, ScriptModule kernels) {
    try (Decoder decoder = new Decoder(model, 3, kernels);
        NDManager scope = model.manager().newSubManager()) {
      decoder.prefill(scope, new int[] {0, 1}, List.of(new int[] {5, 9, 2, 7}, new int[] {3, 1}));
      return decoder.step(scope, new int[] {4, 6}, new int[] {4, 2}).toFloatArray();
    }
  }
}

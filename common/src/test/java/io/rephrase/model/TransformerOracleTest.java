package io.rephrase.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The fused kernels against single array operations. */
class TransformerOracleTest {
  static final List<String> CHECKPOINTS = GoldenCheckpoints.NAMES;

  @ParameterizedTest
  @FieldSource("CHECKPOINTS")
  void fusedBlocksComputeWhatTheFormulasSay(String name) {
    int[] ids = ForwardParityTest.expected(name).input_ids()[1];
    int[] padded = Arrays.copyOf(ids, ids.length + 1); // what follows the last token is not read
    TokenSequence row =
        new TokenSequence(new int[] {ids[0]}, Arrays.copyOfRange(padded, 1, padded.length));
    try (TorchPolicyModel model =
            PolicyModels.openForScoring(GoldenCheckpoints.folder(name), ModelOptions.defaults());
        NDManager scope = model.manager().newSubManager()) {
      NDArray expected = new OpByOpTransformer(model.weights()).logits(scope, ids);
      float[][] fused = model.logits(row);
      float[] flat = expected.toFloatArray();
      int vocabulary = model.config().vocabularySize();
      assertThat(fused).hasDimensions(ids.length, vocabulary);
      for (int token = 0; token < ids.length; token++) {
        for (int id = 0; id < vocabulary; id++) {
          assertThat(fused[token][id])
              .as("token %d, id %d", token, id)
              .isCloseTo(flat[token * vocabulary + id], within(2e-5f));
        }
      }
    }
  }
}

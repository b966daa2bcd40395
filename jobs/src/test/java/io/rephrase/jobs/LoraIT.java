package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.data.Checkpoint;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that train adapters of the arena's policy: rank 2 of q_proj and v_proj. */
class LoraIT {

  private static final String[] LORA = {
    "policy.lora.rank=2",
    "policy.lora.targets=[q_proj,v_proj]",
    "train.learningRate=1e-2",
    "engine.deterministic=true",
    // the penalty lets groups without variance count
    "algorithm.normalizer=all",
    "algorithm.kl.coefficient=0.01",
    "algorithm.entropy.coefficient=0.01"
  };

  @TempDir static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.toString());
  }

  @Test
  void aRunResumedAfterItsTrainingSavesTheSameAdapters() {
    Jobs.ITERATE.run(warehouse, TinyRuns.call(warehouse, "whole", LORA));
    // Each call is a driver of its own: the trainer is opened anew from what the last one saved.
    for (int iteration = 0; iteration < 2; iteration++) {
      for (Jobs job : List.of(Jobs.EVALUATE, Jobs.ROLLOUT, Jobs.REPHRASE, Jobs.GUIDE, Jobs.TRAIN)) {
        job.run(warehouse, TinyRuns.call(warehouse, "parts", LORA));
      }
    }

    List<Checkpoint> whole = warehouse.controlTables().checkpoints("whole");
    List<Checkpoint> parts = warehouse.controlTables().checkpoints("parts");
    assertThat(whole).hasSize(3);
    for (int version = 1; version <= 2; version++) {
      assertThat(whole.get(version).sha256())
          .containsKeys("adapter_config.json", PolicyFolder.ADAPTER, "tokenizer.json")
          .doesNotContainKey("model.safetensors");
      assertThat(parts.get(version).sha256().get(PolicyFolder.ADAPTER))
          .isEqualTo(whole.get(version).sha256().get(PolicyFolder.ADAPTER));
    }
    assertThat(whole.get(2).sha256().get(PolicyFolder.ADAPTER))
        .isNotEqualTo(whole.get(1).sha256().get(PolicyFolder.ADAPTER));
    String[] columns = {"iteration", "prompt_id", "rollouts.token_ids", "rollouts.log_probs"};
    assertThat(TinyRuns.rows(warehouse, Tables.ROLLOUT_GROUPS, "parts", columns))
        .isEqualTo(TinyRuns.rows(warehouse, Tables.ROLLOUT_GROUPS, "whole", columns));

    mergedFolderComputesAsTheAdapter(Path.of(whole.get(2).path()));
  }

  private static void mergedFolderComputesAsTheAdapter(Path adapter) {
    ModelOptions options = ModelOptions.defaults().on("cpu");
    TokenSequence row = new TokenSequence(new int[] {1, 2, 3}, new int[] {4, 5});
    assertThat(Files.exists(adapter.resolve("model.safetensors"))).isFalse();
    try (TorchPolicyModel merging = PolicyModels.openForScoring(adapter, options)) {
      merging.save(folder.resolve("merged"));
      try (TorchPolicyModel merged =
          PolicyModels.openForScoring(folder.resolve("merged"), options)) {
        TokenScores expected = merging.score(List.of(row), 1).get(0);
        assertThat(merged.score(List.of(row), 1).get(0).logProbs()).isEqualTo(expected.logProbs());
      }
    }
  }

  @Test
  void aTargetThatMatchesNothingIsRefusedBeforeAnythingIsWritten() {
    JobCall call =
        TinyRuns.call(warehouse, "wrong", "policy.lora.rank=2", "policy.lora.targets=[c_attn]");
    assertThatThrownBy(() -> Jobs.ITERATE.run(warehouse, call))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("LoRA target \"c_attn\" matches no module")
        .hasMessageContaining("there are [self_attn.q_proj, ");
    assertThat(warehouse.controlTables().events("wrong")).isEmpty();
  }
}

package io.rephrase.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.model.AdamWSettings;
import io.rephrase.model.LoraSettings;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TokenGradients;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeCommandTest {

  private static final ModelOptions CPU = ModelOptions.defaults().on("cpu");
  private static final List<TokenSequence> ROWS =
      List.of(new TokenSequence(new int[] {1, 2, 3}, new int[] {4, 5, 6}));

  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();
  private Path base;
  private Path adapter;

  @BeforeEach
  void trainAnAdapterOfTheArenasPolicy() throws IOException {
    base = folder.resolve("base");
    adapter = folder.resolve("adapter");
    EmbeddedPolicy.extractTo(base);
    LoraSettings settings = new LoraSettings(2, 4, List.of("q_proj", "v_proj"), 7);
    try (TorchPolicyModel model =
        PolicyModels.openForAdapterTraining(PolicyFolder.of(base), CPU, settings)) {
      for (int step = 0; step < 2; step++) {
        model.accumulateGradients(ROWS, 1, MergeCommandTest::likelier);
        model.step(new AdamWSettings(5e-2, 0.9, 0.95, 1e-8, 0));
        model.zeroGradients();
      }
      model.save(adapter);
    }
  }

  @Test
  void theMergedFolderIsAWholeModelThatComputesWhatTheAdapterDoes() throws IOException {
    Path merged = folder.resolve("merged");
    assertThat(merge("--checkpoint=" + adapter, "--output=" + merged)).as(err.toString()).isZero();

    assertThat(err).hasToString("merged into " + merged + "\n");
    assertThat(merged).isDirectoryContaining("glob:**/model.safetensors");
    assertThat(merged.resolve("adapter_config.json")).doesNotExist();
    assertThat(Files.readString(merged.resolve("tokenizer.json")))
        .isEqualTo(Files.readString(base.resolve("tokenizer.json")));
    double[] adapted = logProbs(adapter);
    assertThat(logProbs(merged)).containsExactly(adapted, within(1e-5));
    assertThat(Math.abs(logProbs(base)[0] - adapted[0])).isGreaterThan(0.1);
  }

  @Test
  void aBaseThatIsElsewhereByNowIsNamed() throws IOException {
    double[] adapted = logProbs(adapter);
    Path moved = Files.move(base, folder.resolve("moved"));
    Path merged = folder.resolve("merged");
    assertThat(merge("--checkpoint=" + adapter, "--output=" + merged)).isEqualTo(2);
    assertThat(err.toString())
        .contains("base_model_name_or_path must name a folder")
        .contains("put the folder there");
    assertThat(merged).doesNotExist();

    assertThat(
            merge(
                "--checkpoint=" + adapter,
                "--base=" + moved,
                "--output=" + merged,
                "--dtype=bfloat16"))
        .as(err.toString())
        .isZero();
    assertThat(logProbs(merged)).containsExactly(adapted, within(0.1));
    assertThat(Files.size(merged.resolve("model.safetensors")))
        .isLessThan(Files.size(moved.resolve("model.safetensors")));
  }

  @Test
  void nothingIsOverwrittenAndAWholeModelHasNothingToMerge() throws IOException {
    Path there = Files.writeString(folder.resolve("there"), "yesterday's");
    assertThat(merge("--checkpoint=" + adapter, "--output=" + there)).isEqualTo(2);
    assertThat(err.toString()).contains("--output " + there + " exists already; name a new folder");
    assertThat(there).hasContent("yesterday's");

    assertThat(merge("--checkpoint=" + base, "--output=" + folder.resolve("new"))).isEqualTo(2);
    assertThat(err.toString())
        .contains("has no adapter_model.safetensors: there is nothing to merge");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  private int merge(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "merge";
    System.arraycopy(words, 0, command, 1, words.length);
    return Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), command);
  }

  private static double[] logProbs(Path policy) {
    try (TorchPolicyModel model = PolicyModels.openForScoring(policy, CPU)) {
      return model.score(ROWS, 1).get(0).logProbs();
    }
  }

  private static TokenGradients likelier(int row, TokenScores scores) {
    double[] gradient = new double[scores.logProbs().length];
    Arrays.fill(gradient, -1);
    return new TokenGradients(gradient, new double[gradient.length]);
  }
}

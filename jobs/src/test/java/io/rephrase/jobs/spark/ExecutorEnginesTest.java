package io.rephrase.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.CheckpointException;
import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.model.AdamWSettings;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TokenGradients;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded policy and one trained from it, taken up in every way. */
class ExecutorEnginesTest {

  private static final Map<String, String> HASHES = Map.of("tokenizer.json", "a");

  @TempDir Path folder;

  private Path first;
  private ExecutorEngines.Counts before;

  @BeforeEach
  void begin() {
    ExecutorEngines.release();
    first = folder.resolve("first");
    EmbeddedPolicy.extractTo(first);
    before = ExecutorEngines.counts();
  }

  @AfterEach
  void end() {
    ExecutorEngines.release();
  }

  @Test
  void weightsOfTheNextVersionAreTakenUpWithoutLoading() {
    try (TorchPolicyModel trained = trained()) {
      trained.save(folder.resolve("second"));
    }
    List<String> loaded = completions(spec(1, folder.resolve("second")));
    ExecutorEngines.release();
    List<String> original = completions(spec(0, first));
    assertThat(completions(spec(1, folder.resolve("second")))).isEqualTo(loaded);
    assertThat(completions(spec(0, first))).isEqualTo(original).isNotEqualTo(loaded);
    assertThat(ExecutorEngines.counts())
        .isEqualTo(
            new ExecutorEngines.Counts(
                before.loads() + 2, before.takeUps() + 2, before.handOvers(), before.leases() + 4));
  }

  @Test
  void theTrainersMemoryGivesTheBitsOfItsFile() {
    completions(spec(0, first));
    ExecutorEngines.releaseCache();
    try (TorchPolicyModel trained = trained()) {
      trained.save(folder.resolve("second"));
      EngineSpec second = spec(1, folder.resolve("second"));
      assertThat(ExecutorEngines.takeUp(second, trained)).isTrue();
      List<String> fromMemory = completions(second);
      assertThat(ExecutorEngines.counts().loads()).isEqualTo(before.loads() + 1);
      assertThat(ExecutorEngines.counts().handOvers()).isEqualTo(before.handOvers() + 1);
      ExecutorEngines.release();
      assertThat(completions(second)).isEqualTo(fromMemory);
    }
  }

  @Test
  void withoutAnEngineTheTrainerGivesNothingAway() {
    try (TorchPolicyModel trained = trained()) {
      assertThat(ExecutorEngines.takeUp(spec(1, first), trained)).isFalse();
    }
  }

  @Test
  void anotherTokenizerOrSettingIsLoadedAnew() {
    completions(spec(0, first));
    completions(spec(1, first, Map.of("tokenizer.json", "b"), 4));
    completions(spec(1, first, Map.of("tokenizer.json", "b"), 5));
    assertThat(ExecutorEngines.counts().loads()).isEqualTo(before.loads() + 3);
    assertThat(ExecutorEngines.counts().takeUps()).isEqualTo(before.takeUps());
  }

  @Test
  void aDamagedCheckpointLeavesNoEngineThatIsNeitherTheOneNorTheOther() throws IOException {
    List<String> original = completions(spec(0, first));
    Path damaged = folder.resolve("damaged");
    EmbeddedPolicy.extractTo(damaged);
    byte[] weights = Files.readAllBytes(damaged.resolve("model.safetensors"));
    Files.write(
        damaged.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 1000));
    assertThatThrownBy(() -> completions(spec(1, damaged))).isInstanceOf(CheckpointException.class);
    assertThat(completions(spec(0, first))).isEqualTo(original);
    assertThat(ExecutorEngines.counts().loads()).isEqualTo(before.loads() + 2);
  }

  @Test
  void anEngineThatShowsNoSignOfLifeIsGivenUp() {
    try (ExecutorEngines.Lease held = lease(spec(0, first))) {
      assertThat(held.policy().engine().slots()).isEqualTo(4);
      assertThatThrownBy(
              () -> CompletableFuture.runAsync(() -> lease(spec(0, first)).close()).join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching(
              "the engine of this process has made no step for [12] s while another task waited"
                  + " for it, and engine\\.stallSeconds is 1: .*raise the setting");
    }
    lease(spec(0, first)).close();
  }

  private static ExecutorEngines.Lease lease(EngineSpec spec) {
    return ExecutorEngines.acquire(spec, TorchPolicyLoader.create());
  }

  private static List<String> completions(EngineSpec spec) {
    try (ExecutorEngines.Lease lease = lease(spec)) {
      SamplingParams sampling = new SamplingParams(1, 1, 0, false, 24, true);
      Iterator<Completion> done =
          lease
              .policy()
              .engine()
              .generate(
                  LongStream.range(0, 6)
                      .mapToObj(
                          key ->
                              new GenerationRequest(key, new int[] {2, 5, 9}, 100 + key, sampling))
                      .iterator());
      List<String> bits = new ArrayList<>();
      while (done.hasNext()) {
        Completion completion = done.next();
        bits.add(
            completion.key()
                + Arrays.toString(completion.tokenIds())
                + Arrays.toString(completion.logProbs()));
      }
      return bits;
    }
  }

  /** One large step away from the first policy. */
  private TorchPolicyModel trained() {
    TorchPolicyModel model = PolicyModels.openForTraining(first, ModelOptions.defaults().on("cpu"));
    model.accumulateGradients(
        List.of(new TokenSequence(new int[] {1, 5}, new int[] {9, 3, 7})),
        1,
        (row, scores) -> {
          double[] gradient = new double[scores.logProbs().length];
          Arrays.fill(gradient, -1);
          return new TokenGradients(gradient, new double[gradient.length]);
        });
    model.step(new AdamWSettings(0.01, 0.9, 0.999, 1e-8, 0));
    return model;
  }

  private static EngineSpec spec(int version, Path path) {
    return spec(version, path, HASHES, 4);
  }

  private static EngineSpec spec(int version, Path path, Map<String, String> hashes, int slots) {
    return new EngineSpec(
        "run",
        version,
        path.toString(),
        new TreeMap<>(hashes),
        EngineSpec.Base.NONE,
        slots,
        1,
        true,
        "cpu",
        0,
        1,
        new Sampler.Here());
  }
}

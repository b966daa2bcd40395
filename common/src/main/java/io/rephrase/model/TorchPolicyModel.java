package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.rephrase.model.weights.TensorType;
import io.rephrase.model.weights.WeightWriter;
import io.rephrase.torch.ScriptModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A {@link PolicyModel} on libtorch. Rows are packed without padding, and taken together as far as
 * the options' bounds on memory allow. Not thread-safe, but may move from thread to thread.
 */
public final class TorchPolicyModel implements PolicyModel {
  private final Architecture architecture;
  private final ModelOptions options;
  private final CompanionFiles companions;
  private final NDManager manager;
  private final ModelWeights weights;
  private final Transformer transformer;
  private final PolicyHead head;
  private final LoraAdapters adapters;
  private final Optional<TrainingState> training;

  private TorchPolicyModel(
      PolicyFolder folder, ModelOptions options, NDManager manager, Parts parts) {
    this.architecture = parts.architecture();
    this.options = options;
    this.companions = new CompanionFiles(folder.settings());
    this.manager = manager;
    this.weights = parts.weights();
    this.adapters = parts.adapters();
    this.transformer = new Transformer(weights, adapters);
    this.head = new PolicyHead(weights, options.logitBytes());
    this.training = parts.training();
  }

  /** What a model is made of; adapters are merged, or there are none, unless they are trained. */
  private record Parts(
      Architecture architecture,
      ModelWeights weights,
      LoraAdapters adapters,
      Optional<TrainingState> training) {}

  static TorchPolicyModel scoring(PolicyFolder folder, ModelOptions options, NDManager manager) {
    return whole(folder, options, manager, weights -> Optional.empty());
  }

  static TorchPolicyModel training(PolicyFolder folder, ModelOptions options, NDManager manager) {
    return whole(
        folder,
        options,
        manager,
        weights -> Optional.of(new TrainingState(TrainedWeights.all(weights), manager)));
  }

  private static TorchPolicyModel whole(
      PolicyFolder folder,
      ModelOptions options,
      NDManager manager,
      Function<ModelWeights, Optional<TrainingState>> training) {
    ScriptModule.prepareThread();
    Architecture architecture = Architecture.of(folder.settings());
    ModelWeights weights = ModelWeights.load(architecture, folder, manager);
    LoraAdapters none = LoraAdapters.none(architecture.config(), manager);
    Parts parts = new Parts(architecture, weights, none, training.apply(weights));
    return new TorchPolicyModel(folder, options, manager, parts);
  }

  /** Trains the adapter of {@code folder}, or else a fresh one as {@code settings} say. */
  static TorchPolicyModel adapting(
      PolicyFolder folder,
      ModelOptions options,
      NDManager manager,
      LoraSettings settings,
      FrozenType frozen) {
    ScriptModule.prepareThread();
    Architecture architecture = Architecture.of(folder.settings());
    ModelConfig config = architecture.config();
    settings.check(config);
    ModelWeights weights = ModelWeights.loadFrozen(architecture, folder.base(), frozen, manager);
    LoraAdapters adapters = LoraAdapters.trained(folder, settings, config, manager);
    TrainingState state = new TrainingState(TrainedWeights.of(adapters, config), manager);
    Parts parts = new Parts(architecture, weights, adapters, Optional.of(state));
    return new TorchPolicyModel(folder, options, manager, parts);
  }

  @Override
  public ModelConfig config() {
    return architecture.config();
  }

  /**
   * The weights themselves, for decoders; valid until the model is closed. Those of the base where
   * adapters are trained.
   */
  public ModelWeights weights() {
    return weights;
  }

  /** Manager of the model's arrays and device; for decoders, which make their own beneath it. */
  public NDManager manager() {
    return manager;
  }

  /**
   * Whether a folder's weights can be taken up in place.
   *
   * @throws io.rephrase.CheckpointException if it has no configuration that we compute
   */
  public boolean canTakeUp(PolicyFolder folder) {
    return architecture.computesAs(Architecture.of(folder.settings()));
  }

  /** Whether another model's weights can be taken up in place. */
  public boolean canTakeUp(TorchPolicyModel other) {
    return architecture.computesAs(other.architecture);
  }

  /**
   * Takes up the weights of another checkpoint of the same architecture, in place, an adapter
   * merged into them.
   *
   * @throws io.rephrase.CheckpointException if it is damaged or of another architecture; the
   *     weights are then unchanged, unless reading itself fails
   */
  public void takeUp(PolicyFolder folder) {
    ScriptModule.prepareThread();
    requireNoAdapters();
    weights.takeUp(folder);
  }

  /**
   * Takes up the weights of another model of the same architecture in this process, in place, its
   * adapters merged into them.
   */
  public void takeUp(TorchPolicyModel other) {
    ScriptModule.prepareThread();
    requireNoAdapters();
    weights.takeUp(other.weights);
    other.adapters.mergeInto(weights);
  }

  private void requireNoAdapters() {
    if (!adapters.isEmpty()) {
      throw new IllegalStateException("a model whose adapters are trained keeps its own base");
    }
  }

  @Override
  public List<TokenScores> score(List<TokenSequence> rows, double temperature) {
    return score(rows, temperature, () -> {});
  }

  /** The same, calling {@code beforeEachPass}, which may end it by throwing. */
  public List<TokenScores> score(
      List<TokenSequence> rows, double temperature, Runnable beforeEachPass) {
    check(rows, temperature);
    ScriptModule.prepareThread();
    List<TokenScores> scores = new ArrayList<>();
    for (List<TokenSequence> part : parts(rows, ModelMemory.LARGEST_PASS_TOKENS)) {
      beforeEachPass.run();
      PackedRows packed = PackedRows.of(part);
      if (packed.targets().length == 0) {
        part.forEach(row -> scores.add(new TokenScores(new double[0], new double[0])));
        continue;
      }
      try (NDManager pass = manager.newSubManager()) {
        NDArray hidden = transformer.hidden(pass, packed, temperature);
        scores.addAll(head.scores(pass, hidden, packed));
      }
    }
    return List.copyOf(scores);
  }

  /** Logits that predict each completion token of a row, [C][V]: for parity tests and probes. */
  public float[][] logits(TokenSequence row) {
    check(List.of(row), 1);
    PackedRows packed = PackedRows.of(List.of(row));
    try (NDManager pass = manager.newSubManager()) {
      float[] flat = head.logits(pass, transformer.hidden(pass, packed, 1));
      int vocabulary = config().vocabularySize();
      float[][] logits = new float[packed.targets().length][vocabulary];
      for (int token = 0; token < logits.length; token++) {
        System.arraycopy(flat, token * vocabulary, logits[token], 0, vocabulary);
      }
      return logits;
    }
  }

  @Override
  public List<TokenScores> accumulateGradients(
      List<TokenSequence> rows, double temperature, ScoreGradient gradient) {
    check(rows, temperature);
    TrainingState state = state();
    ScriptModule.prepareThread();
    TrainingPass pass = new TrainingPass(transformer, weights, head, state);
    long bytesPerToken = new ModelMemory(config(), options).activationsPerToken();
    int keptTokens =
        (int) Math.min(ModelMemory.LARGEST_PASS_TOKENS, options.activationBytes() / bytesPerToken);
    List<TokenScores> scores = new ArrayList<>();
    for (List<TokenSequence> part : parts(rows, Math.max(1, keptTokens))) {
      int first = scores.size();
      PackedRows packed = PackedRows.of(part);
      TrainingPass.Task task =
          new TrainingPass.Task(
              packed, temperature, (row, rowScores) -> gradient.of(first + row, rowScores));
      if (packed.targets().length == 0) {
        throw new IllegalArgumentException(
            "rows %d to %d have empty completions: there is nothing to train on"
                .formatted(first, first + part.size() - 1));
      }
      scores.addAll(
          packed.ids().length <= keptTokens
              ? pass.keeping(manager, task)
              : pass.recomputing(manager, task));
    }
    return List.copyOf(scores);
  }

  /** Consecutive rows of at most so many tokens together; a longer row is alone. */
  private static List<List<TokenSequence>> parts(List<TokenSequence> rows, int maxTokens) {
    List<List<TokenSequence>> parts = new ArrayList<>();
    int start = 0;
    int tokens = 0;
    for (int row = 0; row < rows.size(); row++) {
      int length = PackedRows.inputTokens(rows.get(row));
      if (row > start && tokens + length > maxTokens) {
        parts.add(rows.subList(start, row));
        start = row;
        tokens = 0;
      }
      tokens += length;
    }
    if (start < rows.size()) {
      parts.add(rows.subList(start, rows.size()));
    }
    return parts;
  }

  private void check(List<TokenSequence> rows, double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException("temperature must be positive, got " + temperature);
    }
    for (int row = 0; row < rows.size(); row++) {
      TokenSequence sequence = rows.get(row);
      if (sequence.lengthTokens() > config().contextTokens()) {
        throw new IllegalArgumentException(
            "row %d has %d tokens, but the context holds %d; cut or drop it"
                .formatted(row, sequence.lengthTokens(), config().contextTokens()));
      }
      checkIds(row, sequence.promptIds());
      checkIds(row, sequence.completionIds());
    }
  }

  private void checkIds(int row, int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= config().vocabularySize()) {
        throw new IllegalArgumentException(
            "row %d holds the id %d, but ids must be in [0, %d); use the tokenizer of this model"
                .formatted(row, id, config().vocabularySize()));
      }
    }
  }

  /** The accumulated gradient of a weight: for tests and probes. */
  NDArray gradient(String name) {
    return state().gradient(name);
  }

  /** Adapters that are trained; none otherwise. */
  LoraAdapters adapters() {
    return adapters;
  }

  private TrainingState state() {
    return training.orElseThrow(
        () ->
            new IllegalStateException(
                "the model was opened for scoring; open it with PolicyModels.openForTraining"));
  }

  @Override
  public double clipGradients(double maxNorm) {
    ScriptModule.prepareThread();
    return state().clip(maxNorm);
  }

  @Override
  public void step(AdamWSettings settings) {
    ScriptModule.prepareThread();
    state().step(settings);
  }

  @Override
  public void zeroGradients() {
    ScriptModule.prepareThread();
    state().zeroGradients();
  }

  @Override
  public void save(Path folder) {
    ScriptModule.prepareThread();
    if (!adapters.isEmpty()) {
      FolderWriter.write(
          folder,
          partial -> {
            adapters.save(partial);
            companions.write(partial, architecture.file());
          });
      return;
    }
    List<NativeTensor> tensors = new ArrayList<>();
    weights.byName().forEach((name, array) -> tensors.add(new NativeTensor(name, array)));
    FolderWriter.write(
        folder,
        partial -> {
          new WeightWriter(options.savedType(), options.shardBytes()).write(partial, tensors);
          companions.write(partial, architecture.file(), options.savedType());
        });
  }

  @Override
  public void saveOptimizer(Path folder) {
    ScriptModule.prepareThread();
    if (adapters.isEmpty() && options.savedType() != TensorType.F32) {
      state().saveWithWeights(folder);
    } else {
      state().save(folder);
    }
  }

  @Override
  public void loadOptimizer(Path folder) {
    ScriptModule.prepareThread();
    state().load(folder);
  }

  @Override
  public long nativeBytes() {
    long tables = 2L * config().contextTokens() * config().headSize();
    long trained = training.map(TrainingState::nativeBytes).orElse(0L);
    return weights.nativeBytes() + adapters.nativeBytes() + trained + Float.BYTES * tables;
  }

  @Override
  public void close() {
    manager.close();
  }
}

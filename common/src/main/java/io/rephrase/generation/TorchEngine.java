package io.rephrase.generation;

import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.model.decode.Decoder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Continuous batching on libtorch: a slot is refilled as soon as its completion ends, a prompt
 * shared by consecutive requests is computed once, and each row attends to its own past alone, so
 * that a completion does not depend on its neighbours beyond rounding. The order of admission is a
 * function of the requests and of the memory that they may take: the same requests, slots, memory
 * and threads give the same bits. The cache has as many rows as there are completions under way.
 * New weights of the model are taken up between runs. One iterator at a time, on any thread.
 */
public final class TorchEngine implements GenerationEngine {
  private final TorchPolicyModel model;
  private final EngineOptions options;
  private final Runnable closeModel;
  private final Decoder decoder;
  private final ContinuousBatch.Meters meters =
      new ContinuousBatch.Meters(new Stopwatch(), new Stopwatch());

  private TorchEngine(TorchPolicyModel model, EngineOptions options, Runnable closeModel) {
    this.model = model;
    this.options = options;
    this.closeModel = closeModel;
    this.decoder = new Decoder(model, options.slots());
  }

  /**
   * An engine with a model of its own.
   *
   * @throws io.rephrase.CheckpointException if the folder cannot be opened
   */
  public static TorchEngine open(Path folder, ModelOptions modelOptions, EngineOptions options) {
    return open(PolicyFolder.of(folder), modelOptions, options);
  }

  /** The same of a folder that may be an adapter's, which is merged into its base. */
  public static TorchEngine open(
      PolicyFolder folder, ModelOptions modelOptions, EngineOptions options) {
    TorchPolicyModel model = PolicyModels.openForScoring(folder, modelOptions);
    try {
      return new TorchEngine(model, options, model::close);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /** An engine on a model that the caller closes after the engine. */
  public static TorchEngine sharing(TorchPolicyModel model, EngineOptions options) {
    return new TorchEngine(model, options, () -> {});
  }

  /** Bytes of a key/value cache of so many slots, filled to so many tokens each. */
  public static long cacheBytes(ModelConfig config, int slots, int tokens) {
    return Decoder.cacheBytes(config, slots, tokens);
  }

  /** Bytes of the copies of the weights that decoding makes beside the model's own. */
  public static long weightCopyBytes(ModelConfig config) {
    return Decoder.fusedBytes(config);
  }

  @Override
  public Iterator<Completion> generate(Iterator<GenerationRequest> requests) {
    return new ContinuousBatch(
        decoder,
        model,
        new ContinuousBatch.Limits(
            options.slots(),
            contextTokens(),
            new MemoryBudget(model.config(), options.memoryBytes()),
            options.cancelled()),
        meters,
        requests);
  }

  @Override
  public List<TokenScores> score(List<TokenSequence> rows, double temperature) {
    return model.score(rows, temperature, this::checkCancelled);
  }

  private void checkCancelled() {
    if (options.cancelled().getAsBoolean()) {
      throw new InterruptedGenerationException("scoring was cancelled by its task");
    }
  }

  @Override
  public boolean takeUp(PolicyFolder folder) {
    if (!model.canTakeUp(folder)) {
      return false;
    }
    model.takeUp(folder);
    return true;
  }

  @Override
  public boolean takeUp(TorchPolicyModel trained) {
    if (!model.canTakeUp(trained)) {
      return false;
    }
    model.takeUp(trained);
    return true;
  }

  /**
   * Prompt tokens computed so far, a shared prompt once; in the time of all passes that read
   * prompts, those in which others went a token forward with them.
   */
  public Throughput prefillThroughput() {
    return meters.prefill().total();
  }

  /**
   * Completion tokens decoded so far in passes of their own: neither the first of each, which
   * prefill's logits give, nor those of passes that read prompts.
   */
  public Throughput decodeThroughput() {
    return meters.decode().total();
  }

  /** Sizes and end-of-sequence ids. */
  public ModelConfig config() {
    return model.config();
  }

  /** Frees cache and weight copies, as before training in the same process; kept weights remain. */
  @Override
  public void releaseCache() {
    decoder.release();
  }

  @Override
  public int contextTokens() {
    int checkpoint = model.config().contextTokens();
    int wanted = options.maxContextTokens();
    return wanted == 0 ? checkpoint : Math.min(wanted, checkpoint);
  }

  @Override
  public int slots() {
    return options.slots();
  }

  @Override
  public void close() {
    decoder.close();
    closeModel.run();
  }
}

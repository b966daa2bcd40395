package io.rephrase.model;

/**
 * Native memory that training adapters takes, from sizes alone. Bytes; upper bounds.
 *
 * @param model the same of the model as a whole
 * @param settings of the adapters
 * @param matrixBytes of one number of a frozen matrix: 4, or 2 on a GPU where the checkpoint is
 *     bfloat16
 */
public record LoraMemory(ModelMemory model, LoraSettings settings, int matrixBytes) {

  /** The frozen weights; head, norms and biases are float32 always. */
  public long weights() {
    ModelConfig config = model.config();
    long table = (long) config.vocabularySize() * config.hiddenSize();
    long matrices = 0;
    for (LoraModule module : LoraModule.all(config)) {
      matrices += module.inputs(config) * module.outputs(config);
    }
    boolean tied = config.parameters() - matrices < 2 * table;
    long narrow = tied ? matrices : matrices + table;
    return matrixBytes * narrow + Float.BYTES * (config.parameters() - narrow);
  }

  /** Numbers of all A and B. */
  public long parameters() {
    ModelConfig config = model.config();
    return LoraModule.matching(settings, config).stream()
        .mapToLong(module -> settings.rank() * (module.inputs(config) + module.outputs(config)))
        .sum();
  }

  /** A and B, their gradients and AdamW's two moments, float32. */
  public long adapters() {
    return 4L * Float.BYTES * parameters();
  }

  /** Weights, adapters with all of theirs, tables, one pass's activations, logits. */
  public long training() {
    return weights()
        + adapters()
        + model.tables()
        + model.activations(ModelMemory.LARGEST_PASS_TOKENS)
        + model.logits();
  }
}

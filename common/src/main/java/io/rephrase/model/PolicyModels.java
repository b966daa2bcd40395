package io.rephrase.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;

/** Opens Hugging Face folders as models. */
public final class PolicyModels {
  private PolicyModels() {}

  /**
   * A model that scores and decodes; the caller closes it.
   *
   * @throws io.rephrase.CheckpointException if the folder is damaged, or asks for what we do not
   *     compute
   */
  public static TorchPolicyModel openForScoring(Path folder, ModelOptions options) {
    return open(folder, options, TorchPolicyModel.Purpose.SCORING);
  }

  /**
   * A model that can also be trained: four times the memory. The caller closes it.
   *
   * @throws io.rephrase.CheckpointException if the folder is damaged, or asks for what we do not
   *     compute
   */
  public static TorchPolicyModel openForTraining(Path folder, ModelOptions options) {
    return open(folder, options, TorchPolicyModel.Purpose.TRAINING);
  }

  /**
   * Sizes and ids of a checkpoint, without its weights.
   *
   * @throws io.rephrase.CheckpointException if the configuration asks for what we do not compute
   */
  public static ModelConfig configOf(Path folder) {
    return Architecture.of(folder).config();
  }

  /**
   * Native memory that training this checkpoint takes, roughly, to plan a container by: weights,
   * gradients, two moments, rotary tables, one pass's activations, and three chunks of logits (the
   * log-softmax, its exponential and what the entropy is summed from).
   */
  public static long trainingBytes(Path folder, ModelOptions options) {
    return bytes(folder, 4) + options.activationBytes() + 3 * options.logitBytes();
  }

  /**
   * Native memory that scoring takes, roughly: weights, rotary tables and three chunks of logits.
   */
  public static long scoringBytes(Path folder, ModelOptions options) {
    return bytes(folder, 1) + 3 * options.logitBytes();
  }

  private static long bytes(Path folder, int copies) {
    ModelConfig config = configOf(folder);
    long tables = 2L * config.contextTokens() * config.headSize();
    return Float.BYTES * (copies * config.parameters() + tables);
  }

  private static TorchPolicyModel open(
      Path folder, ModelOptions options, TorchPolicyModel.Purpose purpose) {
    NDManager manager =
        options.device().equals("auto")
            ? NDManager.newBaseManager()
            : NDManager.newBaseManager(Device.fromName(options.device()));
    try {
      return new TorchPolicyModel(folder, options, manager, purpose);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }
}

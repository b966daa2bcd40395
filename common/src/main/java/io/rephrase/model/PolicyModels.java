package io.rephrase.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.rephrase.ConfigurationException;
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

  /** Native memory that training this checkpoint takes, see {@link ModelMemory#training}. */
  public static long trainingBytes(Path folder, ModelOptions options) {
    return new ModelMemory(configOf(folder), options).training();
  }

  /** Native memory that scoring with this checkpoint takes, see {@link ModelMemory#scoring}. */
  public static long scoringBytes(Path folder, ModelOptions options) {
    return new ModelMemory(configOf(folder), options).scoring();
  }

  private static TorchPolicyModel open(
      Path folder, ModelOptions options, TorchPolicyModel.Purpose purpose) {
    NDManager manager = manager(options.device());
    try {
      return new TorchPolicyModel(folder, options, manager, purpose);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  private static NDManager manager(String name) {
    if (name.equals("auto")) {
      return NDManager.newBaseManager();
    }
    Device device = Device.fromName(name);
    int gpus = Engine.getInstance().getGpuCount();
    if (device.isGpu() && device.getDeviceId() >= gpus) {
      throw new ConfigurationException(
          "device %s is not there: libtorch sees %d GPUs; use auto or cpu, or point PYTORCH_LIBRARY_PATH to a libtorch with CUDA (doctor tells more)"
              .formatted(name, gpus));
    }
    return NDManager.newBaseManager(device);
  }
}

package io.rephrase.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.rephrase.ConfigurationException;
import java.nio.file.Path;
import java.util.function.Function;

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
    return openForScoring(PolicyFolder.of(folder), options);
  }

  /** The same of a folder that may be an adapter's, which is merged into its base. */
  public static TorchPolicyModel openForScoring(PolicyFolder folder, ModelOptions options) {
    return open(options, manager -> TorchPolicyModel.scoring(folder, options, manager));
  }

  /**
   * A model that can also be trained: four times the memory. The caller closes it.
   *
   * @throws io.rephrase.CheckpointException if the folder is damaged, or asks for what we do not
   *     compute
   */
  public static TorchPolicyModel openForTraining(Path folder, ModelOptions options) {
    PolicyFolder policy = PolicyFolder.of(folder);
    return open(options, manager -> TorchPolicyModel.training(policy, options, manager));
  }

  /**
   * A model whose adapters alone can be trained: see {@link LoraMemory}. It goes on with the
   * adapter that the folder holds, or begins one. {@link PolicyModel#save} writes the adapter in
   * PEFT's format. The caller closes it.
   *
   * @throws io.rephrase.CheckpointException if the folder is damaged, asks for what we do not
   *     compute, or holds an adapter of other settings
   * @throws ConfigurationException if a target matches no module, or the rank is too large
   */
  public static TorchPolicyModel openForAdapterTraining(
      PolicyFolder folder, ModelOptions options, LoraSettings settings) {
    return open(
        options,
        manager ->
            TorchPolicyModel.adapting(
                folder,
                options,
                manager,
                settings,
                manager.getDevice().isGpu() ? FrozenType.AS_STORED : FrozenType.FLOAT32));
  }

  /** The same, with frozen weights held as asked for: for tests. */
  static TorchPolicyModel openForAdapterTraining(
      PolicyFolder folder, ModelOptions options, LoraSettings settings, FrozenType frozen) {
    return open(
        options, manager -> TorchPolicyModel.adapting(folder, options, manager, settings, frozen));
  }

  /**
   * Sizes and ids of a checkpoint, without its weights.
   *
   * @throws io.rephrase.CheckpointException if the configuration asks for what we do not compute
   */
  public static ModelConfig configOf(Path folder) {
    return Architecture.of(folder).config();
  }

  /** The same of a folder that may be an adapter's: those of its base. */
  public static ModelConfig configOf(PolicyFolder folder) {
    return Architecture.of(folder.settings()).config();
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
      ModelOptions options, Function<NDManager, TorchPolicyModel> opening) {
    NDManager manager = manager(options.device());
    try {
      return opening.apply(manager);
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

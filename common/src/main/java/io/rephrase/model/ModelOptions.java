package io.rephrase.model;

import io.rephrase.model.weights.TensorType;

/**
 * How a model is held and computed; none of it changes a result beyond rounding.
 *
 * @param device {@code auto} (a GPU if there is one), {@code cpu}, or {@code gpu0}, {@code gpu1}…
 * @param logitBytes largest size of one chunk of logits, [tokens, V] in float32
 * @param activationBytes what a training pass may keep of activations; rows are taken together up
 *     to it, and a single row beyond it is recomputed layer by layer on the way back
 * @param savedType of the numbers that {@link PolicyModel#save} writes: F32 or BF16
 * @param shardBytes largest safetensors file that is written
 */
public record ModelOptions(
    String device, long logitBytes, long activationBytes, TensorType savedType, long shardBytes) {
  public ModelOptions {
    if (!device.matches("auto|cpu|gpu\\d+")) {
      throw new IllegalArgumentException("device must be auto, cpu or gpu0, gpu1…, got " + device);
    }
    if (logitBytes < 1 || activationBytes < 1 || shardBytes < 1) {
      throw new IllegalArgumentException(
          "logitBytes, activationBytes and shardBytes must be positive, got %d, %d and %d"
              .formatted(logitBytes, activationBytes, shardBytes));
    }
    if (savedType == TensorType.F16) {
      throw new IllegalArgumentException("savedType must be F32 or BF16, got F16");
    }
  }

  /** Any device, 128 MiB of logits, 4 GiB of activations, float32 files of up to 5 GB. */
  public static ModelOptions defaults() {
    return new ModelOptions("auto", 128L << 20, 4L << 30, TensorType.F32, 5_000_000_000L);
  }

  /** The same on another device. */
  public ModelOptions on(String otherDevice) {
    return new ModelOptions(otherDevice, logitBytes, activationBytes, savedType, shardBytes);
  }

  /** The same with other bounds on memory. */
  public ModelOptions within(long otherLogitBytes, long otherActivationBytes) {
    return new ModelOptions(device, otherLogitBytes, otherActivationBytes, savedType, shardBytes);
  }

  /** The same, but saved as another type in files of another size. */
  public ModelOptions savedAs(TensorType otherType, long otherShardBytes) {
    return new ModelOptions(device, logitBytes, activationBytes, otherType, otherShardBytes);
  }
}

package io.rephrase.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rephrase.generation.Stopwatch;
import io.rephrase.generation.Throughput;
import io.rephrase.torch.ScriptModule;

/**
 * What the CPU does at best, in float32.
 *
 * @param threads that one native operation used
 * @param flopsPerSecond of a large matrix product, two to a multiply-add
 * @param flopsPerCpuSecond the same for the CPU time of all threads
 * @param copiedBytesPerSecond of a large copy; each byte is read once and written once
 */
public record MachineRates(
    int threads, double flopsPerSecond, double flopsPerCpuSecond, double copiedBytesPerSecond) {
  private static final ScriptModule KERNELS = ScriptModule.of("machine");
  private static final int SIDE = 2048;
  private static final int COPIED_NUMBERS = 1 << 26;
  private static final int TRIES = 7;

  public MachineRates {
    if (!(flopsPerSecond > 0 && copiedBytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "rates must be positive, got %s and %s".formatted(flopsPerSecond, copiedBytesPerSecond));
    }
  }

  /** Takes about a second; the best of a few tries, since others may use the machine. */
  public static MachineRates measure() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray a = manager.randomNormal(new Shape(SIDE, SIDE));
      NDArray b = manager.randomNormal(new Shape(SIDE, SIDE));
      NDArray product = manager.zeros(new Shape(SIDE, SIDE));
      NDArray source = manager.zeros(new Shape(COPIED_NUMBERS), DataType.FLOAT32);
      NDArray target = manager.zeros(new Shape(COPIED_NUMBERS), DataType.FLOAT32);
      long flops = 2L * SIDE * SIDE * SIDE;
      long bytes = (long) Float.BYTES * COPIED_NUMBERS;
      Best products = best(flops, () -> KERNELS.run("product", product, a, b));
      Best copies = best(bytes, () -> KERNELS.run("copy", target, source));
      return new MachineRates(
          ScriptModule.threads(),
          products.perSecond(),
          products.perCpuSecond(),
          copies.perSecond());
    }
  }

  private record Best(double perSecond, double perCpuSecond) {}

  private static Best best(long work, Runnable one) {
    one.run();
    double perSecond = 0;
    double perCpuSecond = 0;
    for (int i = 0; i < TRIES; i++) {
      Stopwatch watch = new Stopwatch();
      Stopwatch.Start start = Stopwatch.Start.now();
      one.run();
      watch.add(start, work);
      Throughput rate = watch.total();
      perSecond = Math.max(perSecond, rate.tokensPerSecond());
      perCpuSecond = Math.max(perCpuSecond, rate.tokensPerCpuSecond());
    }
    return new Best(perSecond, perCpuSecond);
  }

  /**
   * Seconds that so much arithmetic takes at best while so many bytes are read: whichever bounds.
   */
  public double seconds(double flops, double bytesRead) {
    // a copy moves every byte twice, reading alone once
    return Math.max(flops / flopsPerSecond, bytesRead / (2 * copiedBytesPerSecond));
  }
}

package io.rephrase.model.decode;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import io.rephrase.torch.ScriptModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels of decoding over one of two ways to multiply. On a CPU the matrices are packed once
 * for oneDNN, whose products of a few rows take half of the time or less; elsewhere, and where
 * libtorch was built without it, they are plain [in, out] matrices.
 */
final class DecodeKernels {
  private static final Logger log = LoggerFactory.getLogger(DecodeKernels.class);

  private DecodeKernels() {}

  static ScriptModule of(Device device) {
    return device.isGpu() ? plain() : Cpu.KERNELS;
  }

  static ScriptModule plain() {
    return ScriptModule.of("products", "decode");
  }

  /**
   * @throws EngineException if this libtorch lacks the operations
   */
  static ScriptModule packed() {
    return ScriptModule.of("packed_products", "decode");
  }

  /** Found out once. */
  private static final class Cpu {
    private static final ScriptModule KERNELS = packedIfPossible();

    private static ScriptModule packedIfPossible() {
      try {
        return packed();
      } catch (EngineException e) {
        log.info("products are not packed: {}", e.getMessage());
        return plain();
      }
    }
  }
}

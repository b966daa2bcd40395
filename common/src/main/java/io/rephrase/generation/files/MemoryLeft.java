package io.rephrase.generation.files;

import io.rephrase.ConfigurationException;
import io.rephrase.memory.Machine;
import io.rephrase.memory.MemoryShare;

/**
 * What a process has outside of its heap when a checkpoint is open.
 *
 * @param fixed what is taken before the first line
 * @param bytes left for the lines, negative where it does not even fit; {@link Long#MAX_VALUE} on a
 *     GPU, whose memory is not looked at
 */
record MemoryLeft(MemoryShare fixed, long bytes) {

  static MemoryLeft of(MemoryShare fixed, Machine machine, String device) {
    if (machine.computesOnGpu(device)) {
      return new MemoryLeft(fixed, Long.MAX_VALUE);
    }
    return new MemoryLeft(fixed, machine.bytesForTensors() - fixed.bytes());
  }

  /**
   * @param needed bytes of the shortest line
   * @param remedy that would lower them
   * @throws ConfigurationException if there is less
   */
  void require(long needed, Machine machine, String remedy) {
    if (needed > bytes) {
      throw new ConfigurationException(
          "%s needs %d bytes outside the heap (%s), and %d bytes for its shortest line; %d bytes (%s) are free for this process, of which the heap may take %d and the JVM %d: %s, give the heap less (REPHRASE_HEAP=512m), end other processes or take a larger machine"
              .formatted(
                  fixed.name(),
                  fixed.bytes(),
                  fixed.words(),
                  needed,
                  machine.memoryBytes(),
                  MemoryShare.text(machine.memoryBytes()),
                  machine.heapBytes(),
                  Machine.PROCESS_BYTES,
                  remedy));
    }
  }

  /** For people. */
  String line() {
    String left =
        bytes == Long.MAX_VALUE
            ? "of the GPU, which is not looked at"
            : "before the first line; %s are left for lines".formatted(MemoryShare.text(bytes));
    return "memory outside the heap: %s (%s) %s"
        .formatted(MemoryShare.text(fixed.bytes()), fixed.words(), left);
  }
}

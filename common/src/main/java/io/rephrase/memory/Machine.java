package io.rephrase.memory;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What surrounds this process.
 *
 * @param memoryBytes that the process may take: of the machine, or the limit of the container
 * @param heapBytes largest heap of this process
 * @param libraryFlavor of libtorch, such as {@code cpu} or {@code cu128}
 */
public record Machine(long memoryBytes, long heapBytes, String libraryFlavor) {

  /** The native library, threads and the JVM's own: an allowance. */
  public static final long PROCESS_BYTES = 512L << 20;

  private static final Path KERNEL_COUNTS = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";

  /** The one we are on, as if nothing else ran there. */
  public static Machine here() {
    return new Machine(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        Runtime.getRuntime().maxMemory(),
        Optional.ofNullable(System.getenv("PYTORCH_FLAVOR")).orElse("cpu"));
  }

  /** The same less what other processes hold, where the kernel says it (Linux). */
  public static Machine now() {
    Machine whole = here();
    if (!Files.isReadable(KERNEL_COUNTS)) {
      return whole;
    }
    try {
      return whole.amongOthers(Files.readAllLines(KERNEL_COUNTS));
    } catch (IOException e) {
      throw new UncheckedIOException("while reading " + KERNEL_COUNTS, e);
    }
  }

  /**
   * The same with no more memory than is available.
   *
   * @param kernelCounts lines such as {@code MemAvailable: 22047216 kB}
   */
  Machine amongOthers(List<String> kernelCounts) {
    long available =
        kernelCounts.stream()
            .filter(line -> line.startsWith(AVAILABLE))
            .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(memoryBytes);
    return new Machine(Math.min(memoryBytes, available), heapBytes, libraryFlavor);
  }

  /** What is left for tensors beside the whole heap and the process itself. */
  public long bytesForTensors() {
    return memoryBytes - heapBytes - PROCESS_BYTES;
  }

  /** Whether tensors are on a GPU, and do not count here. */
  public boolean computesOnGpu(String device) {
    return device.startsWith("gpu") || (device.equals("auto") && libraryFlavor.startsWith("cu"));
  }
}

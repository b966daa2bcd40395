package io.rephrase.cli;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks at what a run needs of this machine. */
final class Doctor {

  private static final long GIB = 1L << 30;
  private static final long ENOUGH_MEMORY = 4 * GIB;
  private static final long ENOUGH_DISK = 2 * GIB;

  private final Path warehouse;

  Doctor(Path warehouse) {
    this.warehouse = warehouse.toAbsolutePath().normalize();
  }

  List<Finding> examine() {
    return List.of(
        java(), memory(), cores(), warehouse(), disk(), temporary(), nativeLibrary(), gpu());
  }

  private static Finding java() {
    int feature = Runtime.version().feature();
    String found = "%s, %s".formatted(Runtime.version(), System.getProperty("java.home"));
    return feature == 17
        ? Finding.ok("Java", found)
        : Finding.failed("Java", found, "Set JAVA_HOME to a JDK 17.");
  }

  private static Finding memory() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long total = system.getTotalMemorySize();
    String found =
        "%.1f GiB, heap up to %.1f GiB (weights and caches live outside the heap)"
            .formatted(total / (double) GIB, Runtime.getRuntime().maxMemory() / (double) GIB);
    return total >= ENOUGH_MEMORY
        ? Finding.ok("memory", found)
        : Finding.note("memory", found, "The arena runs in 4 GiB; less may not do.");
  }

  private static Finding cores() {
    return Finding.ok("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
  }

  private Finding warehouse() {
    Path folder = existing(warehouse);
    return Files.isDirectory(folder) && Files.isWritable(folder)
        ? Finding.ok("warehouse", warehouse.toString())
        : Finding.failed(
            "warehouse",
            "%s: %s may not be written".formatted(warehouse, folder),
            "Give another folder with --warehouse, or change the permissions.");
  }

  private Finding disk() {
    Path folder = existing(warehouse);
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      String found = "%.1f GiB free at %s".formatted(free / (double) GIB, folder);
      return free >= ENOUGH_DISK
          ? Finding.ok("disk", found)
          : Finding.note("disk", found, "The quickstart wants 2 GiB; free some space.");
    } catch (IOException unknown) {
      return Finding.note("disk", "unknown: " + unknown.getMessage(), "");
    }
  }

  private static Finding temporary() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    return Files.isWritable(folder)
        ? Finding.ok("temporary", folder.toString())
        : Finding.failed(
            "temporary",
            folder + " may not be written",
            "Set JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR.");
  }

  private static Finding nativeLibrary() {
    try {
      Engine engine = Engine.getEngine("PyTorch");
      return Finding.ok("native library", "libtorch " + engine.getVersion());
    } catch (EngineException | UnsatisfiedLinkError | IllegalStateException broken) {
      return Finding.failed(
          "native library",
          String.valueOf(broken.getMessage()),
          "It is unpacked to ~/.djl.ai (DJL_CACHE_DIR moves it): that folder must be writable, and"
              + " glibc 2.28 or newer. Linux x86-64 is tested; see README.md for others.");
    }
  }

  private static Finding gpu() {
    boolean device = Files.exists(Path.of("/dev/nvidia0"));
    String library = System.getenv("PYTORCH_LIBRARY_PATH");
    if (!device) {
      return Finding.ok("GPU", "none; everything runs on the CPU");
    }
    if (library == null) {
      return Finding.note(
          "GPU",
          "there is one, but libtorch is the CPU's",
          "Install torch 2.7.1 with CUDA 12.8 and set PYTORCH_LIBRARY_PATH to its lib folder,"
              + " PYTORCH_VERSION=2.7.1, PYTORCH_FLAVOR=cu128.");
    }
    return Files.isDirectory(Path.of(library))
        ? Finding.ok("GPU", "libtorch of " + library)
        : Finding.failed(
            "GPU",
            "PYTORCH_LIBRARY_PATH=%s is no folder".formatted(library),
            "Set it to the lib folder of an installed torch 2.7.1.");
  }

  /** The folder itself, or the nearest above it that exists. */
  private static Path existing(Path folder) {
    Path path = folder;
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }
}

package io.rephrase.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeHeapTest {

  /** 64 KiB, less than any threshold above which freed memory goes back by itself. */
  private static final Shape SMALL = new Shape(16 * 1024);

  @Test
  @EnabledOnOs(OS.LINUX)
  void freedTensorsAreGivenBack() throws IOException {
    ScriptModule.prepareThread();
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDArray> arrays = new ArrayList<>();
      for (int i = 0; i < 4096; i++) {
        arrays.add(manager.zeros(SMALL, DataType.FLOAT32));
      }
      // the last one keeps the heap from shrinking by itself
      arrays.subList(0, 4095).forEach(NDArray::close);
      long freed = residentKilobytes();
      NativeHeap.giveBack();
      // 4095 x 64 KiB are 256 MiB; a garbage collection beside it may move some
      assertThat(freed - residentKilobytes()).isGreaterThan(200 * 1024L);
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}

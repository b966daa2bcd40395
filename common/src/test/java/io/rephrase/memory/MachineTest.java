package io.rephrase.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {

  private static final long GIB = 1L << 30;
  private static final Machine MACHINE = new Machine(8 * GIB, GIB, "cpu");

  @Test
  void whatOthersHoldIsNotThere() {
    // 2,097,152 kB are 2 GiB
    List<String> busy = List.of("MemTotal: 16777216 kB", "MemAvailable:    2097152 kB");
    assertThat(MACHINE.amongOthers(busy)).isEqualTo(new Machine(2 * GIB, GIB, "cpu"));
    // a container sees its host's: the limit counts
    List<String> idle = List.of("MemAvailable: 16777216 kB");
    assertThat(MACHINE.amongOthers(idle)).isEqualTo(MACHINE);
    assertThat(MACHINE.amongOthers(List.of())).isEqualTo(MACHINE);
  }

  @Test
  void theWholeHeapAndHalfAGibibyteOfTheProcessAreNotForTensors() {
    assertThat(MACHINE.bytesForTensors()).isEqualTo(7 * GIB - GIB / 2);
  }

  @Test
  void autoMeansTheGpuWhereTheLibraryIsCudas() {
    Machine cuda = new Machine(8 * GIB, GIB, "cu128");
    assertThat(cuda.computesOnGpu("auto")).isTrue();
    assertThat(cuda.computesOnGpu("cpu")).isFalse();
    assertThat(MACHINE.computesOnGpu("auto")).isFalse();
    assertThat(MACHINE.computesOnGpu("gpu0")).isTrue();
  }

  @Test
  void aShareNamesItsPartsLargestFirst() {
    MemoryShare share =
        new MemoryShare(
            "engine",
            List.of(
                new MemoryShare.Part("tables", 1 << 20),
                new MemoryShare.Part("weights", 3 * GIB / 2),
                new MemoryShare.Part("adapters", 0)));
    assertThat(share.words()).isEqualTo("weights 1.50 GiB, tables 1.0 MiB");
    assertThat(share.bytes()).isEqualTo((1 << 20) + 3 * GIB / 2);
  }
}

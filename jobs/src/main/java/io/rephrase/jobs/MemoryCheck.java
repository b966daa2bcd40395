package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.memory.Machine;
import io.rephrase.memory.MemoryShare;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;

/**
 * Compares a {@link MemoryPlan} with what processes may take, and refuses what cannot fit. Where
 * YARN or Kubernetes bound a process, by its {@code memoryOverhead}: a container that takes more is
 * killed. The driver outside of them, and with it local mode, by this machine's memory or this
 * container's limit. A standalone worker bounds nothing: its executors are only told of. What an
 * iteration keeps on the driver's heap is compared with the largest heap of this process.
 */
public final class MemoryCheck {

  /** What a process takes of the host beside a GPU: CUDA's own and its staging buffers. */
  private static final long GPU_PROCESS_BYTES = 4L << 30;

  private static final long MIB = 1L << 20;

  private final SparkConf conf;
  private final Machine machine;
  private final String device;

  MemoryCheck(SparkConf conf, Machine machine, String device) {
    this.conf = conf;
    this.machine = machine;
    this.device = device;
  }

  /**
   * The check of a run on this machine.
   *
   * @param device {@code engine.device}
   */
  public static MemoryCheck of(SparkConf conf, String device) {
    return new MemoryCheck(conf, Machine.here(), device);
  }

  /**
   * What should be known of the plan, a line each.
   *
   * @throws ConfigurationException if a process would need more than it may take
   */
  public List<String> lines(MemoryPlan plan) {
    List<String> lines = new ArrayList<>(plan.lines());
    checkHeap(plan.heap());
    if (master().equals("local") || master().startsWith("local[")) {
      lines.addAll(here(plan.leastTogether(), plan.together()));
      return lines;
    }
    boolean bounded = master().startsWith("yarn") || master().startsWith("k8s");
    if (bounded) {
      checkOverhead("executor", plan.engine(), executorGpu());
    }
    if (bounded && conf.get("spark.submit.deployMode", "client").equals("cluster")) {
      checkOverhead("driver", plan.trainer(), driverGpu());
    } else {
      lines.addAll(here(plan.trainer(), plan.trainer()));
    }
    lines.add(
        "so set spark.executor.memoryOverhead=%dm, and in cluster mode spark.driver.memoryOverhead=%dm, or more"
            .formatted(
                overheadMib(plan.engine(), executorGpu()),
                overheadMib(plan.trainer(), driverGpu())));
    return lines;
  }

  private void checkHeap(MemoryShare heap) {
    if (heap.bytes() > machine.heapBytes()) {
      // A sixteenth more: some collectors keep a part of the heap to themselves.
      long wanted = mebibytes(heap.bytes() + heap.bytes() / 16);
      throw new ConfigurationException(
          "the driver's heap may take %d bytes (%s), and an iteration needs up to %d bytes (%s) of it: give it --driver-memory %dm or more (REPHRASE_HEAP=%dm where rephrase starts it), or lower rollout.promptsPerIteration, rollout.groupSize or rollout.maxTokens"
              .formatted(
                  machine.heapBytes(),
                  MemoryShare.text(machine.heapBytes()),
                  heap.bytes(),
                  heap.words(),
                  wanted,
                  wanted));
    }
  }

  private List<String> here(MemoryShare least, MemoryShare most) {
    if (driverGpu()) {
      return List.of();
    }
    long free = machine.bytesForTensors();
    if (least.bytes() > free) {
      throw new ConfigurationException(
          "%s needs %s outside the heap (%s), and this machine or container has %s, of which the heap may take %s: lower engine.slots, rollout.maxTokens or train.microBatchTokens, give the heap less, or take a smaller checkpoint or a larger machine"
              .formatted(
                  least.name(),
                  MemoryShare.text(least.bytes()),
                  least.words(),
                  MemoryShare.text(machine.memoryBytes()),
                  MemoryShare.text(machine.heapBytes())));
    }
    return most.bytes() > free
        ? List.of(
            "with every slot full to the context that would be %s, and there are %s: set engine.maxContextTokens to prompt and completion together"
                .formatted(MemoryShare.text(most.bytes()), MemoryShare.text(free)))
        : List.of();
  }

  private void checkOverhead(String process, MemoryShare share, boolean gpu) {
    long needed = overheadMib(share, gpu);
    long given = givenMib(process);
    if (given < needed) {
      throw new ConfigurationException(
          "spark.%s.memoryOverhead is %d MiB, and the %s needs %d MiB (%d bytes) outside its heap (%s): set spark.%s.memoryOverhead=%dm, or lower engine.maxContextTokens, engine.slots or train.microBatchTokens"
              .formatted(
                  process,
                  given,
                  share.name(),
                  needed,
                  needed * MIB,
                  gpu ? "beside the GPU's memory" : share.words(),
                  process,
                  needed));
    }
  }

  /** With a GPU the share is on it, and the process needs what CUDA takes of the host. */
  private static long overheadMib(MemoryShare share, boolean gpu) {
    long bytes = gpu ? GPU_PROCESS_BYTES : share.bytes() + Machine.PROCESS_BYTES;
    return mebibytes(bytes);
  }

  private static long mebibytes(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }

  /** Spark's own rule: the setting, else a share of the heap, but not less than a minimum. */
  private long givenMib(String process) {
    String prefix = "spark." + process + ".";
    if (conf.contains(prefix + "memoryOverhead")) {
      return conf.getSizeAsMb(prefix + "memoryOverhead");
    }
    long heapMib = conf.getSizeAsMb(prefix + "memory", "1g");
    long share = (long) (conf.getDouble(prefix + "memoryOverheadFactor", 0.1) * heapMib);
    return Math.max(share, conf.getSizeAsMb(prefix + "minMemoryOverhead", "384m"));
  }

  private boolean executorGpu() {
    boolean given = conf.getInt("spark.executor.resource.gpu.amount", 0) > 0;
    return device.startsWith("gpu") || (device.equals("auto") && given);
  }

  private boolean driverGpu() {
    boolean given = conf.getInt("spark.driver.resource.gpu.amount", 0) > 0;
    return machine.computesOnGpu(device) || (device.equals("auto") && given);
  }

  private String master() {
    return conf.get("spark.master", "local");
  }
}

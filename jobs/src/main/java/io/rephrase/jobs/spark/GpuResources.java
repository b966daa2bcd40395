package io.rephrase.jobs.spark;

import io.rephrase.ConfigurationException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** Which device a task computes on. */
public final class GpuResources {

  private static final String GPU = "gpu";

  private GpuResources() {}

  /**
   * The device of the running task for {@code engine.device}. With {@code auto} the GPU whose
   * address Spark gave the task; an executor that was given none computes on the CPU, since GPUs of
   * its machine belong to others; local mode, which gives no addresses, takes what there is.
   *
   * @param configured {@code auto}, {@code cpu} or {@code gpu<number>}
   * @return {@code auto}, {@code cpu} or {@code gpu<number>}, as CUDA counts within this process
   * @throws ConfigurationException if the address is no device of this process
   */
  public static String device(String configured) {
    return device(configured, address(), EngineLock.onExecutor() ? "cpu" : "auto");
  }

  /**
   * The device of the trainer, in the driver: with {@code auto} the GPU that Spark gave the driver,
   * else what there is.
   *
   * @param resources of the driver, by {@code spark.driver.resource.gpu.amount}
   */
  public static String driverDevice(String configured, Map<String, ResourceInformation> resources) {
    return device(configured, address(resources), "auto");
  }

  private static String device(String configured, Optional<String> address, String otherwise) {
    if (!configured.equals("auto")) {
      return configured;
    }
    return address
        .map(given -> "gpu" + ordinal(given, System.getenv("CUDA_VISIBLE_DEVICES")))
        .orElse(otherwise);
  }

  /** The GPU address Spark gave the running task, if it did. */
  public static Optional<String> address() {
    TaskContext task = TaskContext.get();
    return task == null ? Optional.empty() : address(task.resourcesJMap());
  }

  private static Optional<String> address(Map<String, ResourceInformation> resources) {
    ResourceInformation gpu = resources.get(GPU);
    return gpu == null || gpu.addresses().length == 0
        ? Optional.empty()
        : Optional.of(gpu.addresses()[0]);
  }

  /** Spark's addresses count the machine's devices, CUDA counts those it may see. */
  static int ordinal(String address, String visibleDevices) {
    if (visibleDevices == null || visibleDevices.isBlank()) {
      return parse(address);
    }
    int index = Arrays.asList(visibleDevices.split(",")).indexOf(address);
    if (index < 0) {
      throw new ConfigurationException(
          "Spark gave this task GPU %s, and CUDA_VISIBLE_DEVICES=%s hides it; unset the variable, or let the discovery script list only visible devices"
              .formatted(address, visibleDevices));
    }
    return index;
  }

  private static int parse(String address) {
    if (!address.matches("\\d{1,4}")) {
      throw new ConfigurationException(
          "GPU address \"%s\" is no device number; the discovery script must print numbers, as in {\"name\":\"gpu\",\"addresses\":[\"0\",\"1\"]}"
              .formatted(address));
    }
    return Integer.parseInt(address);
  }
}

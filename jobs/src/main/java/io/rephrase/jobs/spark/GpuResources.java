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
   * The device for {@code engine.device}: Spark's own address where the task has one, else the
   * configuration's.
   *
   * @param configured {@code auto}, {@code cpu} or {@code gpu<number>}
   * @return {@code cpu} or {@code gpu<number>}, the number as CUDA counts within this process
   * @throws ConfigurationException if a GPU is wanted and Spark gave none by which to choose
   */
  public static String device(String configured) {
    Optional<String> address = address();
    if (configured.equals("cpu") || configured.startsWith("gpu")) {
      return configured;
    }
    if (address.isPresent()) {
      return "gpu" + ordinal(address.get(), System.getenv("CUDA_VISIBLE_DEVICES"));
    }
    return "cpu";
  }

  /** The GPU address Spark gave the running task, if it did. */
  public static Optional<String> address() {
    TaskContext task = TaskContext.get();
    if (task == null) {
      return Optional.empty();
    }
    Map<String, ResourceInformation> resources = task.resourcesJMap();
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

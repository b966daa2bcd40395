package io.rephrase.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class GpuResourcesTest {

  @Test
  void cudaCountsTheDevicesThatTheProcessMaySee() {
    assertThat(GpuResources.ordinal("3", null)).isEqualTo(3);
    assertThat(GpuResources.ordinal("3", "1,3")).isEqualTo(1);
  }

  @Test
  void aHiddenDeviceOrANameIsRefused() {
    assertThatThrownBy(() -> GpuResources.ordinal("2", "1,3"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "Spark gave this task GPU 2, and CUDA_VISIBLE_DEVICES=1,3 hides it");
    assertThatThrownBy(() -> GpuResources.ordinal("MIG-1", null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("GPU address \"MIG-1\" is no device number");
  }

  @Test
  void theTrainerTakesTheDriversGpuUnlessTheConfigurationNamesADevice() {
    Map<String, ResourceInformation> given =
        Map.of("gpu", new ResourceInformation("gpu", new String[] {"1"}));
    assertThat(GpuResources.driverDevice("auto", given)).isEqualTo("gpu1");
    assertThat(GpuResources.driverDevice("cpu", given)).isEqualTo("cpu");
    assertThat(GpuResources.driverDevice("auto", Map.of())).isEqualTo("auto");
  }

  @Test
  void outsideOfATaskThereIsNoAddress() {
    assertThat(GpuResources.address()).isEmpty();
    assertThat(GpuResources.device("auto")).isEqualTo("auto");
    assertThat(GpuResources.device("gpu2")).isEqualTo("gpu2");
  }
}

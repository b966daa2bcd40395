package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class PolicyServerTest {

  @Test
  void aKeyAmongSparksSettingsIsRefusedAndNotRepeated() {
    SparkConf spark = new SparkConf(false).set("spark.executorEnv.PATH", "sk-secret");
    assertThatThrownBy(() -> PolicyServer.checkKey("PATH", spark))
        .isInstanceOf(ConfigurationException.class)
        .message()
        .startsWith("spark.executorEnv.PATH holds the key, and Spark shows and stores its settings")
        .doesNotContain("sk-secret");
  }

  @Test
  void aKeyOfTheEnvironmentIsTaken() {
    PolicyServer.checkKey("PATH", new SparkConf(false));
    PolicyServer.checkKey("", new SparkConf(false));
    assertThat(System.getenv("PATH")).isNotBlank();
  }
}

package io.rephrase.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SparkSessionsTest {

  private static final SparkSessions.Settings SETTINGS =
      new SparkSessions.Settings("test", "local[2]", Map.of("spark.speculation", "true"));

  @Test
  void whatWasSetOutsideWinsOverTheConfigurationAndBothOverOurDefaults() {
    SparkConf outside = new SparkConf(false).set("spark.master", "local[1]");

    SparkConf conf = SparkSessions.configure(SETTINGS, outside);

    assertThat(conf.get("spark.master")).isEqualTo("local[1]");
    assertThat(conf.get("spark.speculation")).isEqualTo("true");
    assertThat(conf.get("spark.sql.session.timeZone")).isEqualTo("UTC");
  }

  @Test
  void onOneMachineNoExecutorIsLostToSleepAndOnAClusterOneIs() {
    String timeout = "spark.storage.blockManagerHeartbeatTimeoutMs";

    assertThat(SparkSessions.configure(SETTINGS, new SparkConf(false)).get(timeout))
        .isEqualTo("365d");
    SparkConf cluster = new SparkConf(false).set("spark.master", "spark://host:7077");
    assertThat(SparkSessions.configure(SETTINGS, cluster).contains(timeout)).isFalse();
  }

  @Test
  void aRunsSettingsForSmallPlansLeaveAloneWhatWasSetOutside() {
    SparkConf outside = new SparkConf(false).set("spark.sql.adaptive.enabled", "true");

    assertThat(SparkSessions.smallPlans(outside))
        .containsOnlyKeys("spark.sql.codegen.wholeStage", "spark.sql.codegen.factoryMode");
  }
}

package io.rephrase.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.jobs.spark.EnginePlacement.Request;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class EnginePlacementTest {

  @Test
  void aGeneratingTaskTakesAllOfAnExecutor() {
    assertThat(EnginePlacement.request(conf("yarn", "spark.executor.cores", "8")))
        .contains(new Request(8, 0));
    assertThat(
            EnginePlacement.request(
                conf(
                    "yarn",
                    "spark.executor.cores",
                    "8",
                    "spark.executor.resource.gpu.amount",
                    "1")))
        .contains(new Request(8, 1));
  }

  @Test
  void partOfAGpuATaskLetsTasksTakeTurns() {
    assertThat(
            EnginePlacement.request(
                conf(
                    "spark://host:7077",
                    "spark.executor.cores",
                    "8",
                    "spark.executor.resource.gpu.amount",
                    "1",
                    "spark.task.resource.gpu.amount",
                    "0.25")))
        .contains(new Request(1, 0.25));
  }

  @Test
  void localModeHasNoExecutorsToAsk() {
    assertThat(EnginePlacement.request(conf("local[4]"))).isEmpty();
    assertThat(EnginePlacement.request(conf("local"))).isEmpty();
    assertThat(EnginePlacement.request(conf("local-cluster[2,1,1024]")))
        .contains(new Request(1, 0));
  }

  @Test
  void twoGpusAnExecutorAreRefused() {
    assertThatThrownBy(
            () -> EnginePlacement.request(conf("yarn", "spark.executor.resource.gpu.amount", "4")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "spark.executor.resource.gpu.amount must be 1, got 4: an executor has one engine,"
                + " which computes on one GPU; set it to 1 and start 4 times as many executors");
  }

  @Test
  void positionsAreDealtByTheirRemainder() {
    // positions 5 to 9 over two tasks: 6 and 8, then 5, 7 and 9
    List<Row> rows =
        IntStream.range(5, 10).mapToObj(position -> RowFactory.create("q" + position)).toList();
    List<PromptRows> shares = PromptRows.deal(rows, 5, 2);
    assertThat(shares.get(0).positions()).containsExactly(6, 8);
    assertThat(shares.get(1).positions()).containsExactly(5, 7, 9);
    assertThat(shares.get(1).prompts().get(1).getString(0)).isEqualTo("q7");
  }

  private static SparkConf conf(String master, String... settings) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    return conf;
  }
}
